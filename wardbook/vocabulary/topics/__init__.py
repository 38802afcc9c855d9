"""What cases are about: policy area › category › service type, for each kind of office. Pure data (S4.9)."""

from wardbook.vocabulary.topics.agency import AGENCY
from wardbook.vocabulary.topics.council import COUNCIL
from wardbook.vocabulary.topics.representative import REPRESENTATIVE
from wardbook.vocabulary.topics.shape import Area, Topic

__all__ = ["AGENCY", "COUNCIL", "REPRESENTATIVE", "Area", "Topic"]
