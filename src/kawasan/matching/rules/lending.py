"""Which skill helps with a need, and whether an expert has hours left."""

from kawasan.core.text import Text, _
from kawasan.matching.rules.groups import Skill

NEEDS = {
    Skill.CONTENT: "konten video media sosial content social media",
    Skill.DESIGN: "desain logo grafis design graphic",
    Skill.PROGRAMMING: "program aplikasi web situs app website software",
    Skill.NETWORK: "jaringan internet wifi network",
    Skill.ANIMAL_HEALTH: "hewan ternak ayam sapi kambing ikan vaksin sakit animal livestock vaccine",
    Skill.FOOD_SAFETY: "pangan makanan higienis gizi food hygiene",
    Skill.FINANCE: "keuangan pembukuan kas pajak modal kredit finance bookkeeping tax loan",
    Skill.CRAFT: "kerajinan anyam cual tenun timah craft weaving pewter",
    Skill.MARKETING: "pemasaran promosi harga jual marketing promotion price",
    Skill.PACKAGING: "kemasan label bungkus packaging",
    Skill.PHOTO: "foto produk photo product picture",
    Skill.PERMITS: "halal pirt izin nib sertifikat permit licence certificate",
    Skill.ONLINE_SHOP: "toko online daring marketplace shopee tokopedia shop",
}
"""Words, in both languages, by which people say what they need."""

NEAR: dict[Skill, tuple[Skill, ...]] = {
    Skill.PACKAGING: (Skill.DESIGN,),
    Skill.PHOTO: (Skill.CONTENT, Skill.DESIGN),
    Skill.PERMITS: (Skill.FOOD_SAFETY,),
    Skill.ONLINE_SHOP: (Skill.MARKETING, Skill.CONTENT),
    Skill.DESIGN: (Skill.CONTENT,),
    Skill.CONTENT: (Skill.PHOTO, Skill.MARKETING),
    Skill.MARKETING: (Skill.ONLINE_SHOP, Skill.CONTENT),
}
"""Who helps where nobody has the skill itself."""


def near_skills(need: str) -> list[Skill]:
    """The skills next to those that a need speaks of."""
    return list(dict.fromkeys(near for skill in skills_for(need) for near in NEAR.get(skill, ())))


def skills_for(need: str) -> list[Skill]:
    """The skills that a need speaks of."""
    words = [word for word in need.lower().split() if len(word) > 2]
    return [skill for skill, known in NEEDS.items() if any(k.startswith(w) for w in words for k in known.split())]


def reasons_not_lent(*, hours: int, given: int, most: int, name: str) -> list[Text]:
    """Why an expert cannot be asked for so many hours: ``given`` of ``most`` are used in the month."""
    if given + hours <= most:
        return []
    gaps = {"name": name, "most": most, "left": max(most - given, 0), "hours": hours}
    if given >= most:
        return [
            Text(_("{name} is lent {most} hours a month, and all of that month are used. Choose another month."), gaps)
        ]
    return [
        Text(
            _("{name} is lent {most} hours a month; {left} of that month are left, and you ask for {hours}."),
            gaps,
        )
    ]
