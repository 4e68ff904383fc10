"""Names as they are sought: by whole words, by their first letters, and with a slip of the pen.

These rows are made of the names of persons and of nothing else, so the log does not cover them and no folder has them.
"""

from django.db import models

from kawasan.applicants.models.persons import Person
from kawasan.programmes.models import Programme

LONGEST_WORD = 60


class NameWord(models.Model):
    """A word that stands in somebody's name, as it is compared."""

    is_logged = False

    word = models.CharField(max_length=LONGEST_WORD, unique=True)

    def __str__(self) -> str:
        return self.word


class WordKey(models.Model):
    """Something typed by which a word is found, see ``rules.keys_of_word``."""

    is_logged = False

    key = models.CharField(max_length=LONGEST_WORD + 1)
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="keys", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "word"), name="word_key_once"),)

    def __str__(self) -> str:
        return self.key


class PersonWord(models.Model):
    """A person in whose name a word stands."""

    is_logged = False

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="words")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("programme", "word", "person"), name="person_word_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.word_id}"
