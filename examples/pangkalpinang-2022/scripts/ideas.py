# ruff: noqa: INP001 - scripts of an example folder, not a package
"""Business ideas by activity of the value chain; gaps are filled with {place}, {near} and {buyer}."""

IDEAS: dict[str, tuple[str, list[str]]] = {
    "ACT-PAKAN": (
        "ternak",
        [
            "Mencampur pakan ayam dari jagung giling dan dedak untuk peternak di {place}.",
            "Menjual pakan ayam petelur campuran sendiri per karung 50 kg, diantar sampai kandang.",
            "Menggiling jagung dan mencampur konsentrat karena pakan pabrik terlalu mahal bagi tetangga.",
        ],
    ),
    "ACT-PULLET": (
        "ternak",
        [
            "Membesarkan anak ayam petelur sampai siap telur untuk peternak kecil di {place}.",
            "Menyediakan ayam dara yang sudah divaksin supaya peternak tidak memesan dari luar pulau.",
        ],
    ),
    "ACT-BIBIT-KAMBING": (
        "ternak",
        [
            "Memelihara induk kambing dan menjual anaknya kepada penggemuk.",
            "Pembibitan kambing di kebun keluarga di {place}, rumput tersedia sepanjang tahun.",
        ],
    ),
    "ACT-BENIH-LELE": (
        "ternak",
        [
            "Memijahkan lele dan menjual benih ukuran 5–7 cm kepada pemilik kolam bundar.",
            "Pembenihan lele di belakang rumah; bapak dulu bekerja di balai benih.",
        ],
    ),
    "ACT-MAGGOT": (
        "ternak",
        [
            "Mengolah sisa makanan {near} menjadi maggot untuk pakan lele dan ayam.",
            "Budidaya maggot dari sampah dapur, kasgotnya dijual sebagai pupuk.",
        ],
    ),
    "ACT-PETELUR": (
        "ternak",
        [
            "Ayam petelur 200 ekor di lahan kosong {place}, telurnya untuk warung dan pembuat kue.",
            "Beternak ayam petelur; telur di {near} masih didatangkan dari luar provinsi.",
            "Menjual telur segar langsung ke {buyer}.",
            "Kandang ayam petelur bersama adik yang juga belum bekerja.",
            "Melanjutkan kandang ayam orang tua yang kosong sejak dua tahun lalu.",
        ],
    ),
    "ACT-KAMBING": (
        "ternak",
        [
            "Menggemukkan kambing untuk kurban dan aqiqah.",
            "Penggemukan kambing dua kali setahun, dijual menjelang Idul Adha.",
            "Menyediakan kambing aqiqah hidup bagi warga {place}.",
        ],
    ),
    "ACT-LELE": (
        "ternak",
        [
            "Kolam bundar terpal untuk lele konsumsi, dijual ke pecel lele di {near}.",
            "Membesarkan lele dengan tambahan maggot supaya pakan lebih murah.",
            "Lele segar dan lele bersih siap masak untuk ibu-ibu di {place}.",
            "Budidaya lele enam ribu ekor per panen di pekarangan.",
        ],
    ),
    "ACT-OTAK": (
        "kuliner",
        [
            "Menjual otak-otak bakar tenggiri pada malam hari di {near}.",
            "Otak-otak kukus beku untuk {buyer} dan kiriman keluar pulau.",
            "Membuat otak-otak resep nenek dengan cuka terasi, dijual dekat sekolah.",
            "Otak-otak ikan segar setiap pagi, pesanan lewat telepon.",
        ],
    ),
    "ACT-KEMPLANG": (
        "kuliner",
        [
            "Kemplang panggang dan getas ikan dalam kemasan yang tidak mudah remuk.",
            "Membuat getas untuk {buyer}; sekarang masih ikut orang dan dibayar harian.",
            "Kerupuk kemplang kecil kemasan 100 gram untuk toko modern.",
            "Kemplang ikan dijemur sendiri di {place}, dijual kiloan dan eceran.",
        ],
    ),
    "ACT-KRITCU": (
        "kuliner",
        [
            "Kritcu cumi renyah untuk oleh-oleh, kemasan pouch berlabel.",
            "Membuat kritcu dari telur cumi yang dibeli di pelelangan ikan.",
        ],
    ),
    "ACT-TERASI": (
        "kuliner",
        [
            "Terasi udang rebon asli tanpa pewarna, dibungkus kecil untuk dapur.",
            "Membuat terasi bersama ibu di {place}, ingin punya izin PIRT.",
            "Terasi bakar siap pakai untuk {buyer}.",
        ],
    ),
    "ACT-MARTABAK": (
        "kuliner",
        [
            "Gerobak martabak manis dan telur di {near}.",
            "Martabak tipis kering rasa cokelat untuk anak sekolah di {place}.",
            "Hok lo pan resep keluarga, buka sore sampai malam.",
            "Martabak mini untuk pesanan rapat dan arisan.",
        ],
    ),
    "ACT-KATERING": (
        "kuliner",
        [
            "Nasi kotak untuk rapat kantor dan sekolah di {near}.",
            "Katering harian makan siang pekerja toko, menu lele dan telur.",
            "Lempah kuning dan nasi kotak untuk acara keluarga.",
            "Dapur rumahan nasi bungkus sarapan di {place}.",
        ],
    ),
    "ACT-KUE": (
        "kuliner",
        [
            "Kue basah dititipkan di warung-warung {place}.",
            "Membuat kue talam, rintak, dan lapis untuk hantaran.",
            "Kue jajan pasar untuk {buyer} setiap pagi.",
            "Bolu kojo dan kue lapis legit pesanan hari raya.",
        ],
    ),
    "ACT-SERAT": (
        "souvenir",
        [
            "Mengumpulkan dan menyiapkan batang resam untuk para penganyam.",
            "Menjual serat resam yang sudah dibelah dan dijemur.",
        ],
    ),
    "ACT-PEWTER": (
        "souvenir",
        [
            "Gantungan kunci dan magnet pewter bentuk khas Bangka untuk wisatawan.",
            "Membuat miniatur kapal kecil dari pewter; pernah belajar di bengkel di {near}.",
            "Liontin dan bros pewter dijual daring.",
        ],
    ),
    "ACT-PLAKAT": (
        "souvenir",
        [
            "Plakat pewter untuk kantor, sekolah, dan lomba.",
            "Menerima pesanan plakat dan pin logam dengan desain sendiri.",
        ],
    ),
    "ACT-TENUN": (
        "souvenir",
        [
            "Menenun kain cual motif lama yang hampir hilang.",
            "Belajar menenun cual dan menjual selendang kecil untuk wisatawan.",
        ],
    ),
    "ACT-CUAL-CETAK": (
        "souvenir",
        [
            "Kemeja dan syal cual cetak ukuran jadi untuk {buyer}.",
            "Menjahit busana dengan motif cual cetak untuk seragam acara.",
            "Masker, dompet, dan tas kain motif cual.",
        ],
    ),
    "ACT-RESAM": (
        "souvenir",
        [
            "Kopiah resam halus dan tas kecil, dititip di {buyer}.",
            "Menganyam resam: kotak tisu, tas, dan kopiah.",
            "Membuat banyak anyaman bisa, yang sulit menjualnya; ingin belajar berjualan.",
        ],
    ),
    "ACT-KOTAK": (
        "souvenir",
        [
            "Kotak oleh-oleh berisi kemplang, kritcu, terasi, dan gantungan pewter.",
            "Paket hampers khas Bangka untuk tamu hotel dan perusahaan.",
        ],
    ),
    "ACT-DESAIN": (
        "digital",
        [
            "Jasa desain logo dan kemasan untuk usaha makanan di {place}.",
            "Desain label yang memenuhi aturan PIRT dan halal.",
            "Desain kemasan dan spanduk; lulusan SMK multimedia.",
        ],
    ),
    "ACT-FOTO": (
        "digital",
        [
            "Foto produk dengan telepon dan lampu sederhana untuk penjual kue dan kerupuk.",
            "Studio foto kecil keliling dari dapur ke dapur.",
            "Foto katalog untuk toko oleh-oleh dan perajin pewter.",
        ],
    ),
    "ACT-VIDEO": (
        "digital",
        [
            "Video pendek cerita usaha kecil untuk media sosial.",
            "Membuat video promosi kuliner di {near}.",
        ],
    ),
    "ACT-TOKO": (
        "digital",
        [
            "Membuka dan mengelola toko daring untuk ibu-ibu pembuat kerupuk.",
            "Membantu usaha mikro masuk lokapasar dan mengurus pengiriman.",
        ],
    ),
    "ACT-MEDSOS": (
        "digital",
        [
            "Mengelola media sosial warung dan kafe di {place}.",
            "Admin media sosial untuk tiga usaha sekaligus, kerja dari rumah.",
            "Membalas pesan pelanggan dan membuat jadwal unggahan bagi penjual makanan.",
        ],
    ),
    "ACT-SITUS": (
        "digital",
        [
            "Membuat situs sederhana dan aplikasi kasir untuk toko.",
            "Aplikasi pesanan katering berbasis web.",
        ],
    ),
    "ACT-JARINGAN": (
        "digital",
        [
            "Memasang jaringan internet RT dan sekolah.",
            "Pemasangan kamera dan wifi untuk kios di {near}.",
        ],
    ),
    "ACT-SERVIS": (
        "digital",
        [
            "Servis telepon dan laptop di rumah, jemput antar di {place}.",
            "Perbaikan komputer sekolah dan kantor kelurahan.",
        ],
    ),
}
NEAR = [
    "Alun-alun Taman Merdeka", "Pasar Pembangunan", "Pasar Pagi", "Pantai Pasir Padi", "Destar Point",
    "dekat rumah sakit", "Jalan Jenderal Sudirman", "depan kampus", "kawasan pelabuhan",
]  # fmt: skip
BUYERS = ["toko oleh-oleh", "warung tetangga", "hotel", "toko modern", "pedagang pasar", "kafe", "kantor pemerintah"]


def activity_of(idea: str) -> str:
    """The activity whose template an idea was made from."""
    return next(
        activity
        for activity, (_field, templates) in IDEAS.items()
        if any(idea.startswith(template.split("{")[0]) and _same_end(template, idea) for template in templates)
    )


def _same_end(template: str, idea: str) -> bool:
    return idea.endswith(template.rsplit("}", 1)[-1])
