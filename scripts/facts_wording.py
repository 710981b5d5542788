"""The fact tables' working remarks in a reader's words: the same caveat, without notes to ourselves."""

WORDING = {
    "single copy": "read in a single copy of the source",
    "single copy; approximate": "approximate; read in a single copy of the source",
    "single copy; tail not listed": "read in a single copy of the source, which lists ten countries",
    "same figure in CAN-GEO-CRAFT": "stated alike by two copies of the filing",
    "aggregate region": "",
    "aggregate region; the four shares add to 100.0": "the four shares of the year add to 100.0",
    '"more than 50%": one unnamed source, not confirmed by the company; do not chart as an exact value': (
        'the source says "more than 50%"; one unnamed person, not confirmed by the company'
    ),
    'machine-written call summary says "total revenue"; the CFO may have meant machine sales: '
    "verify before use": (
        'a machine-written summary of the call says "total revenue"; machine sales may be meant'
    ),
    "denominator is mining-machine SALES revenue, not total revenue": (
        "share of the revenue from mining machines, not of total revenue"
    ),
    "denominator is OVERSEAS sales of mining hardware only, approximate; the three add to 99.4, "
    "the rest is not named": (
        "approximate share of overseas sales of mining hardware only; the three add to 99.4, "
        "the rest is not named"
    ),
    'location = where goods were delivered or services provided; source label "Domestic" = PRC': (
        'by where goods were delivered or services provided; "Domestic" in the source'
    ),
    'location = where goods were delivered or services provided; source label "Domestic" = PRC; unaudited': (
        'by where goods were delivered or services provided; "Domestic" in the source; unaudited'
    ),
    'source writes "2019"; the F-1 was filed 28 Oct 2019 with figures to 30 Jun 2019, so this is read as the '
    "first half (our reading)": (
        'the source writes "2019"; read by geotrack as the first half, because the filing of 28 October 2019 '
        "has figures to 30 June"
    ),
    "lower bound: source says more than 30": 'the source says "more than 30"',
    '"at least"': 'the source says "at least"',
    "consolidated total for turning shares into amounts; rounded to RMB 0.1 million in the source": (
        "consolidated total, rounded to RMB 0.1 million in the source"
    ),
}
