"""What an answer other than yes means: one clear sentence each, and what to do about it.

Source of the error bodies and codes: OCI distribution spec, "Error Codes".
"""

from collections.abc import Callable

import httpx2
import msgspec

from hullguard.model import Malformed, Unreachable
from hullguard.transport.body import whole
from hullguard.transport.challenge import parse_challenges
from hullguard.transport.credentials import Login
from hullguard.transport.retry import Setback, retry_after
from hullguard.transport.wording import printable

_LONGEST_ERROR = 64 * 1024
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class Refused(Unreachable):
    """We may not have it: 401 or 403."""


class Missing(Unreachable):
    """It is not there: 404."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask a registry for."""

    path: str  # /v2/shop/cart/manifests/1.4
    repository: str
    subject: str  # what people call it: shop/cart:1.4, layer sha256:...
    accept: str = "*/*"
    absent: str = "It may have been deleted meanwhile."  # what to say if it is not there


class _Error(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Errors(msgspec.Struct):
    errors: list[_Error] = []


def problem(response: httpx2.Response, ask: Ask, where: str, login: Login) -> Exception:
    """Say why this answer is none: a `Setback` where it may pass, else an `Unreachable`."""
    said = what_it_says(response)
    status = response.status_code
    if is_busy(status):
        return setback(response, where, said)
    if status == httpx2.codes.UNAUTHORIZED:
        said = _why_unauthorised(response, ask, login)
    tell = _SENTENCES.get(status, _other)
    return tell(ask, f"{status}, {said}" if said else str(status), where, login)


def is_busy(status: int) -> bool:
    """Tell whether a status is one that may pass."""
    return status in _TRANSIENT


def setback(response: httpx2.Response, where: str, said: str = "") -> Setback:
    """Say that a server is busy or wants to be asked less often."""
    asked = retry_after(response.headers.get("Retry-After", ""))
    because = f": {said}" if said else ""
    if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        return Setback(
            f"{where} limits how often it may be asked (429{because})",
            "Try again later; signed-in users often have a higher limit.",
            asked=asked,
        )
    return Setback(
        f"{where} has a fault of its own or is busy ({response.status_code}{because})",
        "Try again later, or tell whoever runs it.",
        asked=asked,
    )


def what_it_says(response: httpx2.Response) -> str:
    """Return the message of a registry's error body, fit to be shown; empty where there is none."""
    try:
        body = whole(response, _LONGEST_ERROR)
        errors = msgspec.json.decode(body, type=_Errors).errors
    except (Malformed, Setback, httpx2.HTTPError, msgspec.DecodeError, UnicodeDecodeError):
        return ""
    except RecursionError:
        return ""
    return printable(errors[0].message or errors[0].code) if errors else ""


def signed_in_as(where: str, login: Login) -> str:
    """Say which credentials were used and what to do when they do not suffice."""
    if credentials := login.credentials:
        given = credentials.origin.startswith("--")
        advice = "Check name and password." if given else "Log in again, or pass --username."
        return f"Used the credentials of {credentials.origin} for {where}. {advice}"
    places = f" in {', '.join(login.looked_in)}" if login.looked_in else ""
    missing = f"No credentials for {where} were found{places}."
    return " ".join([missing, *login.warnings, "Log in, or pass --username."])


def _why_unauthorised(response: httpx2.Response, ask: Ask, login: Login) -> str:
    if not login.credentials:
        return "it is not public, or does not exist"
    challenges = parse_challenges(response.headers.get_list("WWW-Authenticate"))
    if any(challenge.scheme == "bearer" for challenge in challenges):
        return f'the token for "{ask.repository}" lacks pull rights'
    return "user name or password are not accepted"


def _unauthorised(ask: Ask, why: str, where: str, login: Login) -> Unreachable:
    return Refused(f"{where} refused {ask.subject}: {why}.\n{signed_in_as(where, login)}")


def _forbidden(ask: Ask, why: str, where: str, login: Login) -> Unreachable:
    return Refused(
        f"{where} does not allow us to read {ask.subject}: {why}.\n{signed_in_as(where, login)}"
    )


def _missing(ask: Ask, why: str, where: str, _login: Login) -> Unreachable:
    return Missing(f"{where} has no {ask.subject} ({why}).\n{ask.absent}")


def _other(ask: Ask, why: str, where: str, _login: Login) -> Unreachable:
    return Unreachable(
        f"{where} answers {why} to the question for {ask.subject}.\n"
        "Is it a registry of the OCI or Docker kind, and is nothing in between that answers for it?"
    )


_SENTENCES: dict[int, Callable[[Ask, str, str, Login], Unreachable]] = {
    401: _unauthorised,
    403: _forbidden,
    404: _missing,
}
