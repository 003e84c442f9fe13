# SPDX-License-Identifier: GPL-3.0-or-later
"""Who and what is in the sandbox's on-premises domain: plain tables, read by populate.py."""

BASE = "DC=lab,DC=test"
CLOUD_GROUPS = "OU=Cloud Groups," + BASE
SERVICE_ACCOUNTS = "OU=Service Accounts," + BASE

# In the order in which they can be made. One has DN metacharacters in its name.
RESEARCH = "OU=Research \\+ Development\\, R&D,OU=People," + BASE
UNITS = [
    "OU=People," + BASE,
    "OU=Berlin,OU=People," + BASE,
    "OU=Lisbon,OU=People," + BASE,
    "OU=Tokyo,OU=People," + BASE,
    RESEARCH,
    "OU=Groups," + BASE,
    "OU=Other Groups," + BASE,
    "OU=Workstations," + BASE,
    SERVICE_ACCOUNTS,
    CLOUD_GROUPS,
]

# (account, given name, surname) of the people of one office each. People leave (disabled) where
# DISABLED names them; CONSISTENCY carry an mS-DS-ConsistencyGuid that is not their objectGUID, as
# people have who were moved between forests.
BERLIN = [
    ("anna.mueller", "Anna", "Müller"), ("jonas.schmidt", "Jonas", "Schmidt"),
    ("lea.schneider", "Lea", "Schneider"), ("felix.fischer", "Felix", "Fischer"),
    ("mia.weber", "Mia", "Weber"), ("paul.meyer", "Paul", "Meyer"),
    ("emma.wagner", "Emma", "Wagner"), ("leon.becker", "Leon", "Becker"),
    ("hannah.schulz", "Hannah", "Schulz"), ("lukas.hoffmann", "Lukas", "Hoffmann"),
    ("sofia.koch", "Sofia", "Koch"), ("finn.bauer", "Finn", "Bauer"),
    ("clara.richter", "Clara", "Richter"), ("emil.klein", "Emil", "Klein"),
    ("ida.wolf", "Ida", "Wolf"), ("max.strauss", "Max", "Strauß"),
    ("greta.neumann", "Greta", "Neumann"), ("oskar.schwarz", "Oskar", "Schwarz"),
]
LISBON = [
    ("joao.silva", "João", "Silva"), ("maria.santos", "Maria", "Santos"),
    ("ines.ferreira", "Inês", "Ferreira"), ("tiago.pereira", "Tiago", "Pereira"),
    ("beatriz.oliveira", "Beatriz", "Oliveira"), ("rui.costa", "Rui", "Costa"),
    ("catarina.rodrigues", "Catarina", "Rodrigues"), ("miguel.martins", "Miguel", "Martins"),
    ("sara.jesus", "Sara", "Jesus"), ("pedro.sousa", "Pedro", "Sousa"),
    ("leonor.fernandes", "Leonor", "Fernandes"), ("andre.goncalves", "André", "Gonçalves"),
    ("marta.gomes", "Marta", "Gomes"), ("bruno.lopes", "Bruno", "Lopes"),
    ("rita.marques", "Rita", "Marques"), ("hugo.alves", "Hugo", "Alves"),
    ("joana.almeida", "Joana", "Almeida"), ("nuno.ribeiro", "Nuno", "Ribeiro"),
]
TOKYO = [
    ("haruto.sato", "陽翔", "佐藤"), ("yui.suzuki", "結衣", "鈴木"),
    ("sota.takahashi", "蒼太", "高橋"), ("hina.tanaka", "陽菜", "田中"),
    ("ren.ito", "蓮", "伊藤"), ("sakura.watanabe", "さくら", "渡辺"),
    ("yuto.yamamoto", "悠斗", "山本"), ("aoi.nakamura", "葵", "中村"),
    ("riku.kobayashi", "陸", "小林"), ("mei.kato", "芽依", "加藤"),
    ("hayato.yoshida", "颯", "吉田"), ("rin.yamada", "凛", "山田"),
    ("daiki.sasaki", "大輝", "佐々木"), ("miyu.yamaguchi", "美優", "山口"),
    ("kaito.matsumoto", "海斗", "松本"), ("nanami.inoue", "七海", "井上"),
]
SCIENTISTS = [
    ("ada.lovelace", "Ada", "Lovelace"), ("alan.turing", "Alan", "Turing"),
    ("grace.hopper", "Grace", "Hopper"), ("emmy.noether", "Emmy", "Noether"),
    ("kurt.goedel", "Kurt", "Gödel"), ("marie.curie", "Marie", "Skłodowska-Curie"),
    ("chien.wu", "Chien-Shiung", "Wu"), ("lise.meitner", "Lise", "Meitner"),
    ("rosalind.franklin", "Rosalind", "Franklin"), ("vera.rubin", "Vera", "Rubin"),
    ("barbara.liskov", "Barbara", "Liskov"), ("edsger.dijkstra", "Edsger", "Dijkstra"),
    ("john.von.neumann", "John", "von Neumann"), ("srinivasa.ramanujan", "Srinivasa", "Ramanujan"),
    ("s.obrien", "Sinéad", "O'Brien"), ("j.doe", "Jane", "Doe, PhD"),
    ("hash.sign", "#1", "<Hash> \"Sign\""), ("plus.sign", "A+B", "=;\\ Backslash"),
]
OFFICES = [
    ("OU=Berlin,OU=People," + BASE, BERLIN),
    ("OU=Lisbon,OU=People," + BASE, LISBON),
    ("OU=Tokyo,OU=People," + BASE, TOKYO),
    (RESEARCH, SCIENTISTS),
]
DISABLED = {"oskar.schwarz", "nuno.ribeiro", "nanami.inoue"}
CONSISTENCY = {
    "anna.mueller", "jonas.schmidt", "joao.silva", "maria.santos", "haruto.sato", "yui.suzuki",
    "ada.lovelace", "j.doe", "plus.sign",
}

# [MS-ADTS] 2.2.12 group type flags
GLOBAL, DOMAIN_LOCAL, UNIVERSAL, SECURITY = 0x2, 0x4, 0x8, -0x80000000

# (name, groupType, accounts); a name that starts with @ is a group of this list.
GROUPS = [
    ("Finance Staff", GLOBAL | SECURITY,
     ["anna.mueller", "jonas.schmidt", "lea.schneider", "rui.costa"]),
    ("Lisbon Office", GLOBAL | SECURITY, [person[0] for person in LISBON]),
    ("Project Atlas", UNIVERSAL | SECURITY, ["ada.lovelace", "alan.turing", "@Finance Staff"]),
    ("Printer Users", DOMAIN_LOCAL | SECURITY, ["@Lisbon Office", "grace.hopper"]),
    ("Newsletter", UNIVERSAL, ["mia.weber", "paul.meyer"]),
    ("Empty Shell", GLOBAL | SECURITY, []),
]

COMPUTERS = ["WS-BER-01", "WS-LIS-01", "WS-TYO-01"]
