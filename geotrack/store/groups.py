"""Groups of countries in the lists of statistical offices: rows beside their own members, no regions."""

from __future__ import annotations

from geotrack.language.text import name_key

LEAST = 20
"""So many countries make a column an office's list, whose groups are left out; of fewer they are refused."""

_WORLD_BANK = """
Africa Eastern and Southern|Africa Western and Central|Arab World|Caribbean small states
Channel Islands
Central Europe and the Baltics|Early-demographic dividend|East Asia & Pacific|Euro area|Europe & Central Asia
East Asia & Pacific (excluding high income)|East Asia & Pacific (IDA & IBRD countries)|European Union
Europe & Central Asia (excluding high income)|Europe & Central Asia (IDA & IBRD countries)
Fragile and conflict affected situations|Heavily indebted poor countries (HIPC)|High income|IBRD only
IDA & IBRD total|IDA blend|IDA only|IDA total|Late-demographic dividend|Latin America & Caribbean
Latin America & Caribbean (excluding high income)|Latin America & the Caribbean (IDA & IBRD countries)
Least developed countries: UN classification|Low & middle income|Low income|Lower middle income
Middle East & North Africa|Middle East & North Africa (excluding high income)|Middle income|Not classified
Middle East & North Africa (IDA & IBRD countries)|Middle East, North Africa, Afghanistan & Pakistan
Middle East, North Africa, Afghanistan & Pakistan (excluding high income)|OECD members|Other small states
Middle East, North Africa, Afghanistan & Pakistan (IDA & IBRD)|Pacific island small states
Post-demographic dividend|Pre-demographic dividend|Small states|South Asia|South Asia (IDA & IBRD)
Sub-Saharan Africa|Sub-Saharan Africa (excluding high income)|Sub-Saharan Africa (IDA & IBRD countries)
Upper middle income|AFE|AFW|ARB|CEB|CSS|EAP|EAR|EAS|ECA|ECS|EMU|EUU|FCS|HIC|HPC|IBD|IBT|IDA|IDB|IDX|INX|LAC
LCN|LDC|LIC|LMC|LMY|LTE|MEA|MIC|MNA|NAC|OED|OSS|PRE|PSS|PST|SAS|SSA|SSF|SST|TEA|TEC|TLA|TMN|TSA|TSS|UMC
"""

_OTHERS = """
EU|EU27_2020|EU28|EU27_2007|EU25|EU15|EA|EA12|EA17|EA18|EA19|EA20|EA21|EEA|EEA30_2007|EFTA|EU27|EU-27|EU-28
European Union - 27 countries (from 2020)|European Union - 28 countries (2013-2020)|European Union (27)
European Union (28)|European Union (27 countries)|Euro area (19 countries)|Euro area (20 countries)
Euro area - 20 countries (from 2023)|Euro area - 19 countries (2015-2022)|Euro area – 20 countries (from 2023)
OECD|OECD - Total|OECD - Europe|OECDE|G7|G20|G-7|G-20|BRIICS|BRICS|Non-OECD|Non-OECD Economies
High-income countries|Low-income countries|Lower-middle-income countries|Upper-middle-income countries
OWID_AFR|OWID_ASI|OWID_EUR|OWID_NAM|OWID_SAM|OWID_OCE|OWID_EUN|OWID_EU27|OWID_HIC|OWID_LIC|OWID_LMC|OWID_UMC
Asia (excl. China and India)|Europe (excl. EU-27)|Europe (excl. EU-28)|North America (excl. USA)
Advanced economies|Emerging market and developing economies|Emerging and developing Asia|ASEAN-5|ASEAN
Emerging and developing Europe|Middle East and Central Asia|Major advanced economies (G7)
Americas|Oceania|Northern Africa|Eastern Africa|Middle Africa|Southern Africa|Western Africa|Caribbean
Latin America and the Caribbean|Central America|South America|Northern America|Central Asia|Eastern Asia
South-eastern Asia|Southern Asia|Western Asia|Eastern Europe|Northern Europe|Southern Europe|Western Europe
Australia and New Zealand|Melanesia|Polynesia|Least developed countries|Middle East|Eurasia|OPEC
Land Locked Developing Countries (LLDCs)|Landlocked developing countries (LLDC)|Developing regions
Small island developing States (SIDS)|Small Island Developing States (SIDS)|Developed regions
Least Developed Countries (LDCs)|Low Income Food Deficit Countries (LIFDCs)
Net Food Importing Developing Countries
"""

GROUPS = frozenset(
    name_key(name) for line in f"{_WORLD_BANK}{_OTHERS}".split("\n") for name in line.split("|") if name
)
"""Keys of their names and codes."""


def is_group(label: str) -> bool:
    """Tell a group of countries that an office lists beside its members."""
    return name_key(label) in GROUPS
