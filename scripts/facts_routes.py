"""Where each row of the facts tables goes: its series, metric, unit, status, label and notes.

One function per table; it returns at least one Route for a row, or raises KeyError for what it does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geotrack.sources.cbeci.source import CHINA_ZERO, PROVINCE_ZERO, STAR, TRUE_ZERO

Row = dict[str, str]

SPLICE = {  # series recommended by the sources list; every spliced row says which one it is
    "net_bitinfocharts_daily": ("2015-01", "2025-10", "spliced: bitinfocharts, mean of daily values"),
    "net_blockchaincom_7d_4day": ("2025-11", "2026-01", "spliced: Blockchain.com, 7-day mean, lags"),
}

# Tables that no series is made of, and why. A table that is in neither list stops the script.
NOT_USED = {
    "china_province_generation_annual.csv": "electricity generation, another quantity",
    "country_carbon_intensity_annual.csv": "electricity, another quantity",
    "country_electricity_mix_annual.csv": "electricity, another quantity",
    "country_name_aliases.csv": "spellings, not figures: they are in regions.csv and the crosswalks",
    "grid_cells_2018_2019.csv": "hexagons that straddle borders: no region to join to",
    "grid_hashrate_index_monthly_2018_2019.csv": "hexagons that straddle borders: no region to join to",
    "mining_sites_2024.csv": "power of sites of seven companies, no census and no places",
    "network_difficulty_2025-11_2026-09.csv": "difficulty, not hashrate; none is computed from it here",
    "nodes_by_country.csv": "nodes are not miners",
    "pool_blocks_monthly.csv": "pools have a seat, not the place of their miners",
    "pool_country_tags.csv": "pools have a seat, not the place of their miners",
    "us_state_generation_annual.csv": "electricity generation, another quantity",
}


@dataclass(frozen=True)
class Route:
    """Where one figure goes. `label` is given where it is not the facts' `region_name`."""

    series: str
    metric: str
    unit: str = "%"
    status: str = "reported"
    notes: tuple[str, ...] = ()
    label: str = ""


def cbeci_countries(fact: Row) -> list[Route]:
    metric, unit = {"hashrate_share": ("share", "%"), "hashrate": ("hashrate", "EH/s")}[fact["metric"]]
    zero = float(fact["value"]) == 0
    notes = (
        STAR if fact["region_name"].endswith("*") else "",
        CHINA_ZERO if zero and fact["iso_a3"] == "CHN" else "",
        TRUE_ZERO if zero and fact["iso_a3"] == "IRL" else "",
    )
    return [Route("cbeci-countries", metric, unit, notes=notes)]


def cbeci_first_vintage(fact: Row) -> list[Route]:
    metric = {"hashrate_share": "share"}[fact["metric"]]
    return [Route("cbeci-countries-first-vintage", metric)]


def cbeci_mean(fact: Row) -> list[Route]:
    metric = {"hashrate_share_mean": "share"}[fact["metric"]]
    return [Route("cbeci-countries-mean-2019-2020", metric, status="derived", label=fact["name_in_copy"])]


def cbeci_provinces(fact: Row) -> list[Route]:
    metric = {"hashrate_share_of_china": "share"}[fact["metric"]]
    return [Route("cbeci-china-provinces", metric, notes=(PROVINCE_ZERO * (fact["period"] == "2021-07"),))]


def us_states(fact: Row) -> list[Route]:
    series, status = {
        "hashrate_share_of_us": ("cbeci-us-states", "reported"),
        "hashrate_share_of_us_lower_bound": ("cbeci-us-states", "lower bound"),
        "hashrate_share_of_foundry_pool_us": ("foundry-us-states", "reported"),
    }[fact["metric"]]
    return [Route(series, "share", status=status, notes=(fact["qualifier"],))]


def before_cbeci(fact: Row) -> list[Route]:
    metric = {"hashrate_share": "share"}[fact["metric"]]
    in_china = fact["iso_3166_2"] or fact["region_name"] in (
        "China except Sichuan",
        "Yunnan + Xinjiang + Inner Mongolia",
    )
    series = "coinshares-china-provinces" if in_china else "coinshares-countries"
    return [Route(series, metric, status="estimated", notes=(fact["qualifier"],))]


def after_2022(fact: Row) -> list[Route]:
    source = fact["source_id"]
    as_of = f"as of {fact['as_of']}" if fact["as_of"] else ""
    series, status, metrics = AFTER_2022["luxor" if source.startswith("luxor_heatmap_") else source]
    metric, unit = metrics[fact["metric"]]
    return [Route(series, metric, unit, status, (as_of, fact["qualifier"]))]


AFTER_2022 = {
    "luxor": (
        "luxor-countries",
        "estimated",
        {
            "hashrate_share": ("share", "%"),
            "hashrate": ("hashrate", "EH/s"),
            "hashrate_share_listed_coverage": ("coverage", "%"),
        },
    ),
    "cambridge_dmi_2025": (
        "cambridge-survey",
        "reported",
        {
            "share_of_surveyed_mining_activity": ("survey_share", "%"),
            "sample_share_of_network_hashrate": ("sample_share_of_network", "%"),
            "sample_hashrate": ("sample_hashrate", "EH/s"),
            "firms_reporting": ("firms", "firms"),
            "countries_reported": ("countries", "countries"),
        },
    ),
    "minermetrics_2023": (
        "minermetrics-countries",
        "estimated",
        {"hashrate_share": ("share", "%"), "hashrate_share_group": ("group_share", "%")},
    ),
    "ethiopia_dec_2024": (
        "press-ethiopia-2024",
        "estimated",
        {"hashrate_share": ("share", "%"), "hashrate_share_group": ("group_share", "%")},
    ),
}


def headlines(fact: Row) -> list[Route]:
    metric, unit, status = HEADLINES[fact["metric"]]
    series = HEADLINE_SERIES[fact["source_id"]]
    if fact["iso_3166_2"]:
        series = "cbeci-press-china-provinces"
    return [Route(series, metric, unit, status, (fact["qualifier"],))]


HEADLINE_SERIES = {
    "cbeci_press_2020_05": "cbeci-press-countries",
    "visualcapitalist_2022": "cbeci-press-countries",
    "jbs_2022_05": "network-hashrate",
    "eia_2024_02": "eia-facilities",
}
HEADLINES = {
    "hashrate_share": ("share", "%", "reported"),
    "network_hashrate_low": ("ccaf_daily_low", "EH/s", "reported"),
    "network_hashrate": ("ccaf_daily", "EH/s", "reported"),
    "network_hashrate_high": ("ccaf_daily_high", "EH/s", "reported"),
    "mining_facilities_identified": ("facilities", "facilities", "reported"),
    "states_with_identified_facilities": ("states", "states", "reported"),
    "share_of_us_electricity_low": ("electricity_share_low", "%", "estimated"),
    "share_of_us_electricity_high": ("electricity_share_high", "%", "estimated"),
}


def network(fact: Row) -> list[Route]:
    """Every source keeps a metric of its own; the recommended splice repeats some rows, and says so."""
    note = network_note(fact)
    metric = {
        "net_bchain_nasdaq_daily": "bchain_nasdaq",
        "net_bitcoinvisuals_daily": "bitcoinvisuals",
        "net_bitinfocharts_daily": "bitinfocharts",
        "net_blockchaincom_7d_4day": "blockchaincom_7d",
        "net_blockchaincom_daily": "blockchaincom_daily",
        "net_coinmetrics_daily": "coinmetrics",
        "net_mempool_hourly": "mempool",
    }[fact["source_id"]]
    routes = [Route("network-hashrate", metric, "EH/s", "derived", (note,))]
    first, last, splice = SPLICE.get(fact["source_id"], ("", "", ""))
    if first <= fact["period"] <= last:
        routes.append(Route("network-hashrate", "hashrate", "EH/s", "derived", (splice, note)))
    return routes


def network_note(fact: Row) -> str:
    days = f"{fact['n_days_observed']} of {fact['days_in_month']} days observed"
    if fact["month_complete"] == "0":
        return f"partial month: {days}"
    return days if fact["n_days_observed"] != fact["days_in_month"] else ""


def revenue(fact: Row) -> list[Route]:
    company = fact["ticker"] or fact["company"]
    metric, unit, status = REVENUE_UNITS[fact["unit"]]
    if company == "CAN":
        metric = {"revenue": "revenue_cny" if unit.startswith("CNY") else "revenue_usd"}.get(metric, metric)
    return [Route(REVENUE_SERIES[company], metric, unit, status, (fact["remark"],))]


REVENUE_SERIES = {
    "CAN": "canaan-revenue",
    "Bitmain Technologies Holding Company": "bitmain-revenue",
    "BTDR": "bitdeer-revenue",
    "BTCM": "bit-mining-revenue",
    "EBON": "ebang-revenue",
    "All makers (imports into the United States)": "asic-imports-us",
}
REVENUE_UNITS = {
    "percent_of_revenue": ("revenue_share", "%", "reported"),
    "percent_of_revenue_lower_bound": ("revenue_share", "%", "lower bound"),
    "percent_of_contract_liabilities": ("contract_liabilities_share", "%", "reported"),
    "percent_of_contract_liabilities_lower_bound": ("contract_liabilities_share", "%", "lower bound"),
    "percent_of_machine_sales_revenue": ("machine_sales_share", "%", "reported"),
    # The remark calls the three shares approximate.
    "percent_of_overseas_hardware_sales": ("overseas_hardware_share", "%", "estimated"),
    "CNY_thousand": ("revenue", "CNY thousand", "reported"),
    "CNY_thousand_contract_liabilities": ("contract_liabilities_cny", "CNY thousand", "reported"),
    "USD_thousand": ("revenue", "USD thousand", "reported"),
    "USD_thousand_recast_2023": ("revenue_usd_recast", "USD thousand", "reported"),
    "USD_thousand_as_first_reported": ("revenue_as_first_reported", "USD thousand", "reported"),
    "USD_thousand_imports_estimate": ("imports", "USD thousand", "estimated"),
    "USD_thousand_imports_estimate_lower_bound": ("imports", "USD thousand", "lower bound"),
}


def company_hashrate(fact: Row) -> list[Route]:
    ticker = fact["ticker"] or UNLISTED[fact["company"]]
    place, label, suffix = fact["iso_3166_2"][:2], "", ""
    if ticker == "RIOT" and place:  # two sites of one state: a metric each, so that no key stands twice
        suffix = "_" + fact["region_name"].removeprefix("Texas (").removesuffix(")").lower()
    if place == "CN":  # the facts name the province in the remark only
        label = fact["remark"].partition(";")[0]
    if fact["region_name"].startswith("In transit"):
        suffix = "_in_transit"
    metric = f"{ticker.lower()}_{COMPANY_MEASURES[fact['measure']]}{suffix}"
    series = COMPANY_SERIES[place]
    unit = COMPANY_UNITS[fact["unit"]]
    return [Route(series, metric, unit, company_status(fact), (fact["measure"], fact["remark"]), label)]


def company_status(fact: Row) -> str:
    if "lower bound" in fact["measure"] or '"at least"' in fact["remark"]:
        return "lower bound"
    return "estimated" if fact["measure"] == "approximate" else "reported"


UNLISTED = {"Fourteen large mining companies (Financial Times survey)": "FT14"}
COMPANY_SERIES = {
    "": "company-hashrate",
    "CA": "company-hashrate-canada",
    "CN": "company-hashrate-china-provinces",
    "US": "company-hashrate-us-states",
}
COMPANY_UNITS = {
    "miners": "machines",
    "EH/s": "EH/s",
    "EH/s_change": "EH/s change",
    "percent_of_company_hashrate": "%",
    "percent_of_company_fleet": "%",
}
COMPANY_MEASURES = {
    "approximate": "hashrate",
    "arrived (not all installed)": "fleet_share_arrived",
    "average operating in month": "hashrate_average_operating",
    "change: power switched off": "hashrate_change",
    "deployed": "hashrate_deployed",
    "deployed or awaiting installation": "fleet_share_deployed_or_awaiting",
    "deployed, in transit to or awaiting installation": "hashrate_share_deployed_or_coming",
    "deployed, month end": "hashrate_deployed",
    "energized": "hashrate_energized",
    "energized site": "hashrate_energized_site",
    "hosted for customers": "hashrate_hosted",
    "hosted for customers, energized": "hashrate_hosted",
    "installed": "hashrate_installed",
    "installed at mining sites": "hashrate_installed_at_sites",
    "live": "hashrate_live",
    'lower bound ("exceeded")': "hashrate",
    'lower bound ("more than"), moved out of China since May 2021': "machines_moved_out",
    "machines moved out of China to this country since May 2021": "machines_received",
    "maximum hash rate owned": "hashrate_owned",
    "online, whole joint venture": "hashrate_joint_venture",
    "operating": "hashrate_operating",
    "operating (joint mining)": "machines_operating_joint",
    "operating, period end": "hashrate_operating",
    "operational": "hashrate_operational",
    "owned units": "machines_owned_total",
    "owned units by location": "machines_owned",
    "owned units by province": "machines_owned",
    "period end": "hashrate",
    "proprietary": "hashrate_proprietary",
    "self-mining": "hashrate_self_mining",
    "self-mining plus hosted, energized": "hashrate_self_mining_and_hosted",
    "self-mining, energized": "hashrate_self_mining",
    "under management": "hashrate_under_management",
}

ROUTES: dict[str, Callable[[Row], list[Route]]] = {
    "cbeci_country_monthly.csv": cbeci_countries,
    "cbeci_first_vintage_country_monthly.csv": cbeci_first_vintage,
    "cbeci_country_mean_2019-09_2020-04.csv": cbeci_mean,
    "cbeci_china_province_monthly.csv": cbeci_provinces,
    "us_state_shares.csv": us_states,
    "country_shares_before_cbeci.csv": before_cbeci,
    "country_shares_after_2022.csv": after_2022,
    "headline_facts.csv": headlines,
    "network_hashrate_monthly.csv": network,
    "regional_revenue.csv": revenue,
    "company_hashrate.csv": company_hashrate,
}
