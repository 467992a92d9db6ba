"""The forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from wallet_service.access.passkeys import ANSWER_LENGTH_MAX, NAME_LENGTH_MAX
from wallet_service.access.sign_in import EMAIL_LENGTH_MAX
from wallet_service.errors import Refusal
from wallet_service.web.language import said

PERSONS_NAME_MAX = 60

_filled = InputRequired(_("Please fill this in."))


_plain = Regexp(
    r"[^\x00-\x1f\x7f]*\Z", message=_("There is a character in it that cannot be shown.")
)


def _at_most(length: int) -> Length:
    return Length(max=length, message=_("That is too long."))


class Form(FlaskForm):  # type: ignore[misc]  # it has no types
    """A form that can say what the room said against it."""

    def refuse(self, field: str, refusal: Refusal) -> None:
        """Put a refusal beside a field."""
        self[field].errors = [said(refusal.say)]


class SignInForm(Form):
    """The one form of /console."""

    email = StringField(_("E-mail"), [_filled, _at_most(EMAIL_LENGTH_MAX)])
    password = PasswordField(_("Password"), [_filled])


class CodeForm(Form):
    """A code of the app, or a spare one."""

    code = StringField(_("Code"), [_filled, _at_most(40)])


class ProveForm(Form):
    """The password once more."""

    password = PasswordField(_("Password"), [_filled])


class PasskeyForm(Form):
    """What the browser answered; passkeys.js fills it in."""

    answer = HiddenField(validators=[_filled, _at_most(ANSWER_LENGTH_MAX)])


class NewPasskeyForm(PasskeyForm):
    """A passkey that was made, and what to call it."""

    name = StringField(_("What to call it"), [_plain, _at_most(NAME_LENGTH_MAX)])


class _Chosen(Form):
    """A password is chosen twice, as nobody sees what they type."""

    password = PasswordField(_("New password"), [_filled])
    again = PasswordField(_("The same once more"), [_filled])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two are not the same. Type the password once more."))


class RecoveryForm(_Chosen):
    """A password by a link."""


class ChangePasswordForm(_Chosen):
    """Another password, with the old one to show."""

    old = PasswordField(_("Present password"), [_filled])


class JoinForm(_Chosen):
    """An invitation taken up by somebody new."""

    name = StringField(_("Your name"), [_filled, _plain, _at_most(PERSONS_NAME_MAX)])


class AccountForm(Form):
    """What somebody is called, and the language of their pages."""

    name = StringField(_("Your name"), [_filled, _plain, _at_most(PERSONS_NAME_MAX)])
    language = SelectField(
        _("Language"),
        choices=[
            SelectChoice("", _("As the browser says")),
            SelectChoice("en", "English"),
            SelectChoice("fi", "Suomi"),
            SelectChoice("sv", "Svenska"),
        ],
    )
