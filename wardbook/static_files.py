"""Static files with a hash in their name, also where our JavaScript imports them: kept for ever, never stale."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = r"""(?P<matched>(?P<what>(?m:^)import(?:\s[^"';]*?\sfrom)?)\s*["'](?P<url>\./[^"']+)["'];)"""


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the package has no types
    """Whitenoise's storage, which follows the imports of our own modules.

    Django has this as an option for every file; there it stumbles over examples in the comments of other packages.
    Modules must not import each other in a circle: each name would wait for the hash of the other.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", ((IMPORT, '%(what)s "%(url)s";'),)))
