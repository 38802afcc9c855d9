"""Settings are read, or refused in one sentence that names the variable, what was found and what is expected."""

import stat

import pytest

from wardbook.lib import env

GOOD_KEY = "kQ7xZr2LmN9vB4tYwH6jD1sF8gA3pC5eU0iO"


def environment(**variables):
    return env.Environment(variables)


def test_an_unset_setting_is_its_default():
    assert environment().text("A", "b", "…") == "b"
    assert environment(A="  ").text("A", "b", "…") == "b"


@pytest.mark.parametrize(
    ("found", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("off", False)]
)
def test_a_flag_is_yes_or_no(found, meant):
    assert environment(A=found).flag("A", not meant, "…") is meant


@pytest.mark.parametrize("found", ["2", "ja", "-", "tru"])
def test_a_flag_is_nothing_else(found):
    with pytest.raises(env.BadSetting, match=f'^A is "{found}"; expected 1 or 0.$'):
        environment(A=found).flag("A", False, "…")


@pytest.mark.parametrize("found", ["0", "65536", "-1", "8000x", "8e3", "²", "٣", "1.5"])
def test_a_port_is_a_whole_number_in_range(found):
    with pytest.raises(env.BadSetting, match="^PORT is .* expected a whole number from 1 to 65535.$"):
        environment(PORT=found).number("PORT", 8000, "…", low=1, high=65535)


@pytest.mark.parametrize(
    "found",
    ["wardbook.example.org", "ftp://x", "https://", "https://x/path", "https://x:99999", "https://u@x", "http://[x"],
)
def test_an_address_is_scheme_and_host(found):
    with pytest.raises(env.BadSetting, match="^URL is .* expected an address such as https://"):
        environment(URL=found).web_address("URL", "", "…", shown="")


def test_a_folder_is_absolute(tmp_path):
    assert environment(A=str(tmp_path)).path("A", tmp_path, "…", shown="") == tmp_path
    with pytest.raises(env.BadSetting, match="an absolute path"):
        environment(A="var").path("A", tmp_path, "…", shown="")


def test_a_misspelt_name_is_refused_with_the_one_meant():
    read = environment(WARDBOOK_SECRETKEY="x")
    read.text("WARDBOOK_SECRET_KEY", "", "…")
    with pytest.raises(env.BadSetting, match="WARDBOOK_SECRETKEY is not a setting.*WARDBOOK_SECRET_KEY perhaps"):
        read.refuse_unknown("WARDBOOK_")


def test_a_sqlite_database_is_a_file():
    assert env.database("sqlite:////srv/a%20b.sqlite3") == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/srv/a b.sqlite3",
    }


def test_a_postgresql_database_has_all_its_parts():
    read = env.database("postgresql://w%40x:p%2Fq@db.example.org:5433/wardbook?sslmode=verify-full")
    assert (read["NAME"], read["USER"], read["PASSWORD"]) == ("wardbook", "w@x", "p/q")
    assert (read["HOST"], read["PORT"], read["OPTIONS"]) == ("db.example.org", "5433", {"sslmode": "verify-full"})


def test_a_postgresql_database_may_be_reached_by_a_socket():
    read = env.database("postgresql:///wardbook?host=/run/postgresql")
    assert (read["HOST"], read["PORT"], read["USER"]) == ("/run/postgresql", "", "")


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hushhush@h/d", "sqlite://rel.db", "sqlite:///rel.db", "postgresql://u:hushhush@h:5x/d", "x", ""],
)
def test_another_database_is_refused_without_printing_the_password(url):
    with pytest.raises(env.BadSetting, match="expected sqlite:////absolute") as refusal:
        env.database(url)
    assert "hushhush" not in str(refusal.value)


def test_a_mail_server_says_how_it_is_spoken_to():
    assert env.smtp("smtp+tls://u:p%40q@mail.example.org") == env.Smtp(
        "mail.example.org", 587, "u", "p@q", tls=True, ssl=False
    )
    assert env.smtp("smtps://mail.example.org:4650").port == 4650
    with pytest.raises(env.BadSetting, match="WARDBOOK_SMTP_URL"):
        env.smtp("mail.example.org:25")


def test_a_key_is_made_once_for_this_account_only(tmp_path):
    file = tmp_path / "data" / "secret-key"
    made = env.secret_key("", file, may_create=True)

    assert len(made) >= env.SECRET_KEY_MIN_LENGTH
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert env.secret_key("", file, may_create=True) == made
    assert [path.name for path in file.parent.iterdir()] == ["secret-key"]


def test_a_key_is_not_made_where_several_machines_must_share_it(tmp_path):
    with pytest.raises(env.BadSetting, match="WARDBOOK_SECRET_KEY is empty"):
        env.secret_key("", tmp_path / "secret-key", may_create=False)


@pytest.mark.parametrize(
    "given", ["short", "a" * 60, "please-change-me-please-change-me-please-change-me", "ab" * 30]
)
def test_a_weak_key_is_refused(tmp_path, given):
    with pytest.raises(env.BadSetting, match="^WARDBOOK_SECRET_KEY"):
        env.secret_key(given, tmp_path / "secret-key", may_create=True)


def test_a_given_key_is_used(tmp_path):
    given = GOOD_KEY + "-and-some-more"
    assert env.secret_key(given, tmp_path / "secret-key", may_create=True) == given
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(env.BadSetting, match="WARDBOOK_DATA is .* which cannot be written"):
        env.secret_key("", tmp_path / "file" / "secret-key", may_create=True)
