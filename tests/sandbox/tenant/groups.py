# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of the demo tenant: one table, read by demo.py.

A row is (key, display name, kind, writeback, members). Kinds are the keys of KINDS. Writeback is
(isEnabled, onPremisesGroupType). Members are accounts of people on-premises, keys of the other
tables ("cloud:", "guest:", "gone:", "device:", "contact:", "principal:"), other groups ("group:"
and their key), or "onprem:" and the name of a group that is synced from on-premises. "office:"
stands for all people whose organizational unit has that name.
"""

KINDS = {
    "security": {"securityEnabled": True},
    "microsoft365": {"groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False,
                     "visibility": "Private"},
    "microsoft365-security": {"groupTypes": ["Unified"], "mailEnabled": True,
                              "securityEnabled": True, "visibility": "Public"},
    "dynamic": {"groupTypes": ["DynamicMembership"], "securityEnabled": True,
                "membershipRule": '(user.department -eq "Research")',
                "membershipRuleProcessingState": "On"},
    "dynamic-microsoft365": {"groupTypes": ["Unified", "DynamicMembership"], "mailEnabled": True,
                             "securityEnabled": False, "visibility": "Private",
                             "membershipRule": '(user.city -eq "Tokyo")',
                             "membershipRuleProcessingState": "On"},
    "role-assignable": {"securityEnabled": True, "isAssignableToRole": True,
                        "visibility": "Private"},
    "hidden": {"groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False,
               "visibility": "HiddenMembership"},
    "mail-security": {"mailEnabled": True, "securityEnabled": True},
    "distribution": {"mailEnabled": True, "securityEnabled": False},
}

NEVER_SET = (None, None)
ON = (True, None)
SECURITY = (True, "universalSecurityGroup")
DISTRIBUTION = (True, "universalDistributionGroup")
MAIL_SECURITY = (True, "universalMailEnabledSecurityGroup")

ORDINARY = [
    ("administrators", "Administrators of the files", "security", SECURITY,
     ["anna.mueller", "ada.lovelace", "alan.turing"]),
    ("berlin", "Berlin", "security", ON, ["office:Berlin"]),
    ("lisbon", "Lisbon", "security", (True, "universalDistributionGroup"), ["office:Lisbon"]),
    ("everybody", "Everybody in the offices", "security", SECURITY,
     ["group:berlin", "group:lisbon", "group:tokyo", "group:research"]),
    ("tokyo", "Tokyo 東京", "dynamic-microsoft365", ON, ["office:Tokyo"]),
    ("research", "Research", "dynamic", SECURITY, ["office:Research + Development, R&D"]),
    ("board", "Board", "microsoft365", ON, ["anna.mueller", "joao.silva", "cloud:chair"]),
    ("project-orion", "Project Orion", "microsoft365", SECURITY,
     ["haruto.sato", "emmy.noether", "guest:partner.a", "guest:partner.b", "cloud:intern"]),
    ("project-lyra", "Project Lyra", "microsoft365-security", MAIL_SECURITY,
     ["kurt.goedel", "marie.curie", "s.obrien", "j.doe"]),
    ("fax", "The Fax Machine Appreciation Society", "microsoft365", DISTRIBUTION,
     ["mia.weber", "contact:fax.vendor"]),
    ("cloud-only", "Nobody of these works on-premises", "security", SECURITY,
     ["cloud:chair", "cloud:intern", "cloud:bot", "guest:partner.a"]),
    ("mixed", "All sorts of members", "security", SECURITY,
     ["grace.hopper", "cloud:analyst", "guest:partner.c", "gone:left.long.ago", "device:hybrid",
      "device:phone", "contact:fax.vendor", "principal:backup", "onprem:Finance Staff"]),
    ("on-premises-nested", "Groups of the old world", "security", SECURITY,
     ["onprem:Finance Staff", "onprem:Project Atlas", "onprem:Printer Users", "leon.becker"]),
    ("empty", "Empty", "security", SECURITY, []),
    ("empty-m365", "Empty too", "microsoft365", ON, []),
    ("cycle-a", "Snake A", "security", SECURITY, ["group:cycle-b", "clara.richter"]),
    ("cycle-b", "Snake B", "security", SECURITY, ["group:cycle-c"]),
    ("cycle-c", "Snake C", "security", SECURITY, ["group:cycle-a", "emil.klein"]),
    ("self", "Member of itself", "security", SECURITY, ["group:self", "ida.wolf"]),
    ("outer", "Holds groups that are not written", "security", SECURITY,
     ["group:switched-off", "group:never-set", "group:distribution", "max.strauss"]),
    ("by-immutable-id", "People known by immutable id", "security", SECURITY,
     ["jonas.schmidt", "maria.santos", "yui.suzuki", "felix.fischer", "plus.sign"]),
    ("by-dn", "People known by distinguished name", "security", SECURITY,
     ["hash.sign", "rita.marques", "ren.ito"]),
    ("leavers", "People whose account is disabled", "security", SECURITY,
     ["oskar.schwarz", "nuno.ribeiro", "nanami.inoue", "gone:left.long.ago"]),
]

# Not written by "enabled-only", or not by default, or never.
HELD_BACK = [
    ("switched-off", "Switched off", "security", (False, None), ["leon.becker"]),
    ("switched-off-typed", "Switched off, with a type", "microsoft365",
     (False, "universalSecurityGroup"), ["lea.schneider"]),
    ("never-set", "Never set", "security", NEVER_SET, ["paul.meyer"]),
    ("never-set-m365", "Never set either", "microsoft365", NEVER_SET, ["emma.wagner"]),
    ("typed-only", "A type and no switch", "microsoft365", (None, "universalDistributionGroup"),
     ["emma.wagner"]),
    ("role", "Global helpdesk", "role-assignable", SECURITY, ["anna.mueller"]),
    ("hidden", "Hidden membership", "hidden", SECURITY, ["rosalind.franklin", "vera.rubin"]),
    ("mail-security", "Mail-enabled security from Exchange", "mail-security", SECURITY,
     ["vera.rubin"]),
    ("distribution", "Distribution list from Exchange", "distribution", ON, ["lise.meitner"]),
]

HOSTILE = [
    ("dn-characters", 'Sales, EMEA + "R&D" <x> \\ # ; = end', ["j.doe", "hash.sign"]),
    ("leading-hash", "# not a comment", ["plus.sign"]),
    ("blanks", "  Blanks around  ", ["s.obrien"]),
    ("right-to-left", "Invoice \u202egnp.exe", ["ada.lovelace"]),
    ("emoji", "🚀 Rocket 👩\u200d👩\u200d👧\u200d👦 crew 🇵🇹", ["joao.silva"]),
    ("longest", "Sehr langer Name " + "ä" * 239, ["hannah.schulz"]),
    ("surrogate-cut", "x" * 50 + "💥" + "y" * 20, ["lukas.hoffmann"]),
    ("cjk", "経営企画部・新規事業開発推進委員会", ["sakura.watanabe", "yuto.yamamoto"]),
    ("combining", "Cafe\u0301 Zu\u0308rich A\u030a\u0301" + "e\u0301" * 40, ["sofia.koch"]),
    ("illegal-account", 'a"b/c\\d[e]f:g;h|i=j+k*l?m<n>o,p', ["finn.bauer"]),
    ("format", "%n%s%n%x %d {0} $(id) `id`", ["greta.neumann"]),
    ("filter", "*)(objectClass=*", ["aoi.nakamura"]),
    ("control", "Line one\nline two\ttab", ["mei.kato"]),
    ("dots", "...", ["riku.kobayashi"]),
    ("markup", "<script>alert('x')</script> \u001b[31mred", ["rin.yamada"]),
]

TWINS = [
    ("twin-1", "Twins", "security", SECURITY, ["bruno.lopes"]),
    ("twin-2", "Twins", "security", SECURITY, ["rita.marques"]),
    ("twin-3", "TWINS", "microsoft365", ON, ["hugo.alves"]),
]

GROUPS = ORDINARY + HELD_BACK + TWINS + [
    (key, name, "security", SECURITY, members) for key, name, members in HOSTILE
]
