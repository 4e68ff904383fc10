"""What may be given, to whom it is given step by step, what was bought of it, and what the bank says."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import AccountField, Applicant
from kawasan.areas.models import Place
from kawasan.assistance.rules import Category, Form, Manner, Recipient, Share, StepKind
from kawasan.assistance.rules.bank import Difference, StatementStatus
from kawasan.core.language import choices, in_language
from kawasan.core.models import User
from kawasan.core.secrets import EncryptedField, SealedJSONField
from kawasan.matching.models import Group
from kawasan.partners.models import Organisation
from kawasan.programmes.models import CodeField, Programme, SourceField

paper_validator = RegexValidator(r"^[0-9a-f]{64}\Z", _("A paper is named by 64 hexadecimal digits."))
look_validator = RegexValidator(r"^[0-9a-f]{16}\Z", _("What a photo looks like has 16 hexadecimal digits."))


class Entitlement(models.Model):
    """What a guideline gives to whom, from a day on; a later one of the same kind does not change what was given."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="entitlements")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=150, help_text=_("Name in English"))
    number = models.CharField(
        _("guideline"), max_length=80, help_text=_("Number of the guideline (juknis) that gives it")
    )
    valid_from = models.DateField(_("valid from"), help_text=_("First day on which it is given"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Last day on which it is given; empty while it goes on")
    )
    recipient = models.CharField(_("given to"), max_length=10, choices=choices(Recipient), help_text=_("Who gets it"))
    form = models.CharField(_("given as"), max_length=10, choices=choices(Form), help_text=_("Money or goods"))
    amount_idr = models.PositiveBigIntegerField(
        _("most (rupiah)"), validators=[MinValueValidator(1)], help_text=_("Most for each group or person, in rupiah")
    )
    report_days = models.PositiveSmallIntegerField(
        _("days to report"),
        default=60,
        validators=[MinValueValidator(1)],
        help_text=_("Days after the disbursement until the report (LPJ) is due"),
    )
    fund = models.CharField(
        _("source of the money"),
        max_length=200,
        help_text=_("Budget that it is paid from, e.g. the number of the DIPA"),
    )
    source = SourceField()

    class Meta:
        ordering = ("valid_from", "code")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="entitlement_code"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="entitlement_days",
                violation_error_message=_("The last day is before the first. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class SpendingRule(models.Model):
    """How much of an entitlement must or may go to one category."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="spending_rules")
    entitlement = models.ForeignKey(
        Entitlement,
        on_delete=models.CASCADE,
        related_name="spending_rules",
        verbose_name=_("entitlement"),
        help_text=_("What is given"),
    )
    category = models.CharField(
        _("category"), max_length=10, choices=choices(Category), help_text=_("What the money is spent on")
    )
    least_percent = models.PositiveSmallIntegerField(
        _("at least (%)"), default=0, validators=[MaxValueValidator(100)], help_text=_("Least percent of the spending")
    )
    most_percent = models.PositiveSmallIntegerField(
        _("at most (%)"), default=100, validators=[MaxValueValidator(100)], help_text=_("Most percent of the spending")
    )

    class Meta:
        ordering = ("entitlement", "category")
        constraints = (
            models.UniqueConstraint(fields=("programme", "entitlement", "category"), name="spending_rule_category"),
            models.CheckConstraint(
                condition=Q(most_percent__gte=F("least_percent")),
                name="spending_rule_bounds",
                violation_error_message=_("The least is above the most; correct the one that is wrong."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.least_percent}–{self.most_percent} %"

    @property
    def share(self) -> Share:
        return Share(self.category, self.least_percent, self.most_percent)


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def in_full(self) -> "AssistanceQuerySet":
        """The assistances with whatever their names and rules need."""
        return self.select_related("entitlement", "group__mentor", "group__place", "receiver__person__place")

    def of_person(self, user: User) -> "AssistanceQuerySet":
        """What somebody gets, alone or as a member of a group."""
        own = Q(receiver__person__user=user) | Q(group__members__applicant__person__user=user)
        return self.filter(own).distinct()

    def of_applicant(self, applicant: Applicant) -> "AssistanceQuerySet":
        """What one participant gets, alone or as a member of a group."""
        return self.filter(Q(receiver=applicant) | Q(group__members__applicant=applicant)).distinct()

    def of_groups(self, groups: models.QuerySet[Group]) -> "AssistanceQuerySet":
        """What these groups, and their members, get."""
        return self.filter(Q(group__in=groups) | Q(receiver__group_memberships__group__in=groups)).distinct()

    def of_mentor(self, user: User) -> "AssistanceQuerySet":
        """What the groups of a mentor, and their members, get."""
        own = Q(group__mentor__user=user) | Q(receiver__group_memberships__group__mentor__user=user)
        return self.filter(own).distinct()


class Assistance(models.Model):
    """What one group or one person gets; its steps say how far it is."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assistances")
    code = CodeField(verbose_name=_("code"))
    entitlement = models.ForeignKey(
        Entitlement,
        on_delete=models.PROTECT,
        related_name="assistances",
        verbose_name=_("entitlement"),
        help_text=_("What is given"),
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assistances",
        verbose_name=_("group"),
        help_text=_("Group that gets it; empty when a person does"),
    )
    receiver = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="assistances",
        verbose_name=_("receiver"),
        help_text=_("Participant who receives it, for a group one of its members; they alone confirm what is in hand"),
    )
    source = SourceField()

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="assistance_code"),
            models.UniqueConstraint(
                fields=("entitlement", "group"),
                condition=~Q(group=None),
                name="assistance_once_a_group",
                violation_error_message=_("This assistance was begun already for this group."),
            ),
            models.UniqueConstraint(
                fields=("entitlement", "receiver"),
                condition=Q(group=None),
                name="assistance_once_a_person",
                violation_error_message=_("This assistance was begun already for this person."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.group or self.receiver.person}"

    @property
    def place(self) -> Place:
        """Where the receiver works."""
        return self.group.place if self.group else self.receiver.person.place


class StepQuerySet(models.QuerySet["Step"]):
    def standing(self) -> "StepQuerySet":
        """The steps that nobody took back, without those that take back."""
        return self.filter(~Exists(Step.objects.filter(reverses=OuterRef("pk"))), reverses=None)


class Step(models.Model):
    """One step of one assistance. It is never changed: a wrong one is taken back by one that names it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assistance_steps")
    code = CodeField(verbose_name=_("code"))
    assistance = models.ForeignKey(
        Assistance,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("assistance"),
        help_text=_("Assistance that the step belongs to"),
    )
    kind = models.CharField(
        _("step of the chain"), max_length=15, choices=choices(StepKind), help_text=_("Which step it is")
    )
    dated = models.DateField(_("day"), help_text=_("Day on which it happened"))
    number = models.CharField(
        _("official number"),
        max_length=80,
        blank=True,
        help_text=_("Number of the decree, the agreement or the transfer"),
    )
    amount_idr = models.PositiveBigIntegerField(
        _("amount (rupiah)"), null=True, blank=True, help_text=_("Sum that moved or was counted, in rupiah")
    )
    bank = models.CharField(_("bank"), max_length=60, blank=True, help_text=_("Bank of the account in the agreement"))
    account = AccountField(
        _("bank account"),
        kind="account",
        max_length=20,
        blank=True,
        help_text=_("Number of the account in the agreement"),
    )
    account_holder = models.CharField(
        _("name on the account"), max_length=150, blank=True, help_text=_("Name of the account's holder")
    )
    manner = models.CharField(
        _("how it was confirmed"),
        max_length=10,
        blank=True,
        choices=choices(Manner),
        help_text=_("How the receiver confirmed the sum in hand"),
    )
    witness = models.CharField(_("witness"), max_length=150, blank=True, help_text=_("Name of the witness"))
    witness_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="witnessed",
        verbose_name=_("organisation of the witness"),
        help_text=_("Another organisation than the host and the mentor's"),
    )
    note = models.TextField(
        _("note"), max_length=2000, blank=True, help_text=_("What was found, reported, or why it was taken back")
    )
    paper = models.CharField(
        _("paper"), max_length=64, blank=True, validators=[paper_validator], help_text=_("SHA-256 of the paper's file")
    )
    who = models.CharField(_("recorded by"), max_length=150, help_text=_("Name of who recorded it"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="assistance_steps"
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("takes back"),
        help_text=_("Step that this one takes back"),
    )
    source = SourceField()

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("assistance", "kind"), name="step_kind"),)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="step_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


class BudgetLine(models.Model):
    """One line of the budget (RAB) of a proposal."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="budget_lines")
    code = CodeField(verbose_name=_("code"))
    proposal = models.ForeignKey(
        Step,
        on_delete=models.PROTECT,
        related_name="budget_lines",
        verbose_name=_("proposal"),
        help_text=_("Step of the proposal that it belongs to"),
    )
    item = models.CharField(_("goods"), max_length=150, help_text=_("What is to be bought"))
    category = models.CharField(
        _("category"), max_length=10, choices=choices(Category), help_text=_("What the money is spent on")
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), validators=[MinValueValidator(1)], help_text=_("How many units")
    )
    unit = models.CharField(_("unit"), max_length=30, help_text=_("Unit, e.g. ekor, kg, buah"))
    price_idr = models.PositiveBigIntegerField(
        _("price of one (rupiah)"), validators=[MinValueValidator(1)], help_text=_("Rupiah for one unit")
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="budget_line_code"),)

    def __str__(self) -> str:
        return self.item

    @property
    def total_idr(self) -> int:
        return self.quantity * self.price_idr


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def standing(self) -> "PurchaseQuerySet":
        """The receipts that nobody took back, without those that take back."""
        return self.filter(~Exists(Purchase.objects.filter(reverses=OuterRef("pk"))), reverses=None)


class Purchase(models.Model):
    """One receipt. It is never changed: a wrong one is taken back by one that names it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assistance_purchases")
    code = CodeField(verbose_name=_("code"))
    assistance = models.ForeignKey(
        Assistance,
        on_delete=models.PROTECT,
        related_name="purchases",
        verbose_name=_("assistance"),
        help_text=_("Assistance that was spent"),
    )
    dated = models.DateField(_("day"), help_text=_("Day of the receipt"))
    shop = models.CharField(_("shop"), max_length=150, help_text=_("Name of the shop"))
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place of the shop"),
        help_text=_("Kelurahan or city of the shop; empty when it is not known"),
    )
    paper = models.CharField(
        _("photo of the receipt"),
        max_length=64,
        blank=True,
        validators=[paper_validator],
        help_text=_("SHA-256 of the photo's file"),
    )
    look = models.CharField(
        _("what the photo looks like"),
        max_length=16,
        blank=True,
        validators=[look_validator],
        help_text=_("64 bits of what the photo looks like, hexadecimal"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Why it was taken back, or a remark"))
    who = models.CharField(_("recorded by"), max_length=150, help_text=_("Name of who recorded it"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="assistance_purchases"
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("takes back"),
        help_text=_("Receipt that this one takes back"),
    )
    source = SourceField()

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("programme", "look"), name="purchase_look"),)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="purchase_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.shop}"


class PurchaseItem(models.Model):
    """What a receipt says was paid for one line of the budget."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assistance_items")
    purchase = models.ForeignKey(
        Purchase,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("receipt"),
        help_text=_("Receipt that it stands on"),
    )
    line = models.ForeignKey(
        BudgetLine,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("line of the budget"),
        help_text=_("Line of the budget that was paid for"),
    )
    amount_idr = models.PositiveBigIntegerField(
        _("amount (rupiah)"), validators=[MinValueValidator(1)], help_text=_("What was paid for it, in rupiah")
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "purchase", "line"), name="purchase_item_line"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.amount_idr}"


class OneTimeCode(models.Model):
    """Lets the receiver confirm without an account, once. The code itself is not stored; who handed it out is."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assistance_codes")
    assistance = models.ForeignKey(Assistance, on_delete=models.CASCADE, related_name="one_time_codes")
    step = models.OneToOneField(
        Step, on_delete=models.PROTECT, null=True, blank=True, related_name="one_time_code", verbose_name=_("step")
    )
    who = models.CharField(_("handed out by"), max_length=150, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(_("valid until"))
    used_on = models.DateField(_("used on"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.assistance} {self.expires_on}"


class TakeBackRequest(models.Model):
    """One person asks to take back what the receiver said by code or before a witness; a second one agrees."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="take_back_requests")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="take_back_request")
    reason = models.CharField(_("reason"), max_length=300)
    who = models.CharField(_("asked by"), max_length=150)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField(_("day"))

    def __str__(self) -> str:
        return f"{self.step} {self.who}"


class Statement(models.Model):
    """A bank's statement as it was sent: first read, then matched once somebody said what its columns are."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="bank_statements")
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("hash of the file"), max_length=64)
    table = SealedJSONField(_("rows of the file"), kind="statement", default=list)
    head = models.PositiveSmallIntegerField(_("row of the heading"), default=1)
    status = models.CharField(
        _("status"), max_length=15, choices=choices(StatementStatus), default=StatementStatus.READ
    )
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Why it was taken back"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="bank_statements"
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "digest"),
                condition=~Q(status=StatementStatus.TAKEN_BACK),
                name="statement_once",
                violation_error_message=_("This file was taken over already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """One movement of a statement, and the step of the books that it is."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="bank_lines")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(_("row"))
    dated = models.DateField(_("day"))
    amount_idr = models.BigIntegerField(_("amount (rupiah)"), help_text=_("Below 0 when it left the account"))
    text = EncryptedField(_("text"), kind="bank text", max_length=500, blank=True)
    step = models.OneToOneField(
        Step,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_line",
        verbose_name=_("step of the chain"),
    )
    why = models.JSONField(_("why it matches"), default=list)

    class Meta:
        ordering = ("statement", "row")
        constraints = (models.UniqueConstraint(fields=("statement", "row"), name="bank_line_row"),)

    def __str__(self) -> str:
        return f"{self.row} {self.dated} {self.amount_idr}"


class BankDifference(models.Model):
    """What the bank and the books do not say alike, until somebody closes it with a word."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="bank_differences")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(_("difference"), max_length=15, choices=choices(Difference))
    line = models.ForeignKey(BankLine, on_delete=models.CASCADE, null=True, blank=True, related_name="differences")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_differences")
    word = models.CharField(_("what it is"), max_length=300, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        ordering = ("statement", "pk")

    def __str__(self) -> str:
        return str(self.get_kind_display())


class BankWord(models.Model):
    """A word with which somebody closed a difference, or opened it again; a new one overwrites none."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="bank_words")
    difference = models.ForeignKey(BankDifference, on_delete=models.CASCADE, related_name="words")
    is_closing = models.BooleanField(_("closes it"))
    word = models.CharField(_("what it is"), max_length=300)
    who = models.CharField(_("by"), max_length=150)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_on = models.DateField(_("day"))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.word
