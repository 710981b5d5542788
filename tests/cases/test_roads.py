"""Tables that people bring, each down all three roads: the same figures, or the same refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tableroads import ROADS, Case, Refused, Run, figures, take

import geotrack as gt

RATE = {"unit": "USD/MWh", "over_time": "mean"}
LISTED = [
    "AFG",
    "ARG",
    "AUS",
    "AUT",
    "BEL",
    "BRA",
    "CAN",
    "CHE",
    "CHL",
    "CHN",
    "DEU",
    "DNK",
    "EGY",
    "ESP",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "IND",
    "ITA",
]
NO_MORE: dict[str, Any] = {}


def merged(*spans: str) -> Callable[[Any], None]:
    """Merge cells of a sheet."""

    def change(sheet: Any) -> None:
        for span in spans:
            sheet.merge_cells(span)

    return change


def hidden(sheet: Any) -> None:
    """Hide a row and a column."""
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True


WRONG = [  # what was read wrongly, without a word
    *(
        Case(f"1 {word}", f"Region,Period,Revenue\n{word},2023,4\nChina,2023,5\n", refused=(word, "other"))
        for word in ("No.", "(sa)", "#me")
    ),
    Case(
        "15 words above the years",
        [
            [None, "Three months ended September 30,", None],
            [None, 2023, 2022],
            ["France", 4, 5],
            ["Spain", 6, 7],
        ],
        "FRA 2023-Q3 4\nFRA 2022-Q3 5\nESP 2023-Q3 6\nESP 2022-Q3 7",
        shape=merged("B1:C1"),
    ),
    Case(
        "15 words in the corner",
        "Year Ended June 30,2023,2022\nFrance,4,5\nSpain,6,7\n",
        "FRA 2022-07-01/2023-07-01 4\nFRA 2021-07-01/2022-07-01 5\n"
        "ESP 2022-07-01/2023-07-01 6\nESP 2021-07-01/2022-07-01 7",
        kept={"unit": "USD", "over_time": "sum"},
    ),
    Case(
        "28 years of independence",
        "Country,Year of independence,Population\nGhana,1957,31\nKenya,1963,53\n",
        refused=("'Year of independence'", "period", "2022"),
    ),
    Case(
        "2 codes of US states",
        "state,period,share\nGA,2021-12,30.8\nKY,2021-12,10.9\nNE,2021-12,4\n",
        refused=("column 'state'", "level", "US", "country", "Georgia", "Gabon"),
    ),
    Case(
        "2 at the level that is said",
        "state,period,share\nGA,2021-12,30.8\nKY,2021-12,10.9\nNE,2021-12,4\n",
        "US-GA 2021-12 30.8\nUS-KY 2021-12 10.9\nUS-NE 2021-12 4",
        given={"level": "US"},
        kept={"unit": "%"},
    ),
    Case(
        "2 provinces of Canada",
        "province,year,revenue\nAB,2021,1\nMB,2021,2\nNL,2021,3\n",
        refused=("column 'province'", "level", "CA"),
    ),
    Case(
        "2 provinces of China, by name",
        "地区,年份,数值\n四川省,2021,1\n新疆维吾尔自治区,2021,2\n",
        refused=("level", "CN"),
    ),
    Case(
        "2 provinces of China, at their level",
        "地区,年份,数值\n四川省,2021,1\n新疆维吾尔自治区,2021,2\n",
        "CN-SC 2021 1\nCN-XJ 2021 2",
        given={"level": "CN"},
    ),
    Case(
        "3 codes of another list",
        "country,year,revenue\nZA,2021,1\nCH,2021,2\nAU,2021,3\nGM,2021,4\nSZ,2021,5\nIS,2021,6\n",
        "ZAF 2021 1\nCHE 2021 2\nAUS 2021 3\nGMB 2021 4\nSWZ 2021 5\nISL 2021 6",
        said=("ZA = South Africa", "CH = Switzerland", "GM = Gambia", "IS = Iceland"),
    ),
    Case(
        "4 financial years",
        "country,2009/10,2010/11\nChina,1,2\n",
        refused=(
            "2009/10",
            "year",
        ),
    ),
    Case(
        "4 with FY",
        "country,FY2009-10,FY2010-11\nChina,1,2\n",
        refused=(
            "FY2009-10",
            "year",
        ),
    ),
    Case(
        "4 in full",
        "country,2009-2010,2010-2011\nChina,1,2\n",
        refused=(
            "2009-2010",
            "year",
        ),
    ),
    Case(
        "4 in rows",
        "country,year,revenue\nChina,2009-10,1\nChina,2010-11,2\n",
        refused=(
            "2009-10",
            "year",
        ),
    ),
    Case(
        "4 whose end is said",
        "country,2009/10,2010/11\nChina,1,2\n",
        "CHN 2009-07-01/2010-07-01 1\nCHN 2010-07-01/2011-07-01 2",
        given={"year_ends": 6},
    ),
    Case(
        "4 that are months",
        "country,2019-09,2019-10,2019-11\nChina,1,2,3\n",
        "CHN 2019-09 1\nCHN 2019-10 2\nCHN 2019-11 3",
    ),
    Case(
        "5 flags in the header",
        "Country,2018,2019,2020p,2021e\nChina,1,2,3,4\n",
        "CHN 2018 1\nCHN 2019 2\nCHN 2020 3 | provisional\nCHN 2021 4 (estimated)",
    ),
    *(
        Case(f"5 {header}", f"Country,2018,{header}\nChina,1,2\n", read)
        for header, read in (
            ("X2019", "CHN 2018 1\nCHN 2019 2"),
            ("2020¹", "CHN 2018 1\nCHN 2020 2"),
            ("20Q1", "CHN 2018 1\nCHN 2020-Q1 2"),
            ("1Q22", "CHN 2018 1\nCHN 2022-Q1 2"),
            ("2020M01", "CHN 2018 1\nCHN 2020-01 2"),
            ("Jan-21", "CHN 2018 1\nCHN 2021-01 2"),
            ("1/23/20", "CHN 2018 1\nCHN 2020-01-23 2"),
        )
    ),
    Case("5 a year that is not a calendar's", "Country,2018,FY2020\nChina,1,2\n", refused=("FY2020",)),
    Case("5 no period at all", "Country,2018,2019,latest\nChina,1,2,3\n", refused=("'latest'", "ignore")),
    Case(
        "6 dates and a typed month",
        [["Country", dt.datetime(2019, 9, 1), dt.datetime(2019, 10, 1), "Nov-19"], ["China", 1, 2, 3]],
        "CHN 2019-09 1\nCHN 2019-10 2\nCHN 2019-11 3",
    ),
    Case(
        "7 two columns that disagree",
        "region,iso,year,revenue\nChina,USA,2021,1\nFrance,FRA,2021,2\n",
        refused=("'iso'", "'region'", "disagree"),
    ),
    Case(
        "7 a continent's code beside",
        "country,iso,continent_code,year,value\nChina,CHN,AS,2021,1\nFrance,FRA,EU,2021,2\n",
        "CHN 2021 1\nFRA 2021 2",
    ),
    Case(
        "7 a wider region before it",
        "Region,Country,iso3,Year,Value\nAsia,China,CHN,2021,1\nEurope,France,FRA,2021,2\n",
        "CHN 2021 1\nFRA 2021 2",
    ),
    Case(
        "7 periods that disagree",
        "country,year,date,value\nChina,2021,2020-03-01,1\n",
        refused=("'year'", "'date'", "disagree"),
    ),
    Case(
        "7 figures that disagree",
        "country,year,value,share\nChina,2021,3,4\n",
        refused=("'value'", "'share'", "disagree"),
    ),
    Case(
        "10 small figures",
        "country,year,revenue\nChina,2021,0.00000015\nFrance,2021,0.0000004\n",
        "CHN 2021 0.00000015\nFRA 2021 0.0000004",
    ),
    Case(
        "10 small numbers of a workbook",
        [["country", "year", "revenue"], ["China", 2021, 0.00000015], ["France", 2021, 4e-7]],
        "CHN 2021 0.00000015\nFRA 2021 0.0000004",
    ),
    Case(
        "12 fractions under a percentage",
        "country,year,share\nChina,2021,0.7553\nFrance,2021,0.0406\n",
        refused=("fractions", "multiply them by 100"),
        given={"unit": "%", "whole": 100},
        kept=NO_MORE,
    ),
    Case(
        "13 instants",
        "country,date,revenue\nChina,2019-12-31 23:00,1\nChina,2020-01-31 23:00,2\n",
        refused=("2019-12-31 23:00", "date"),
    ),
    Case(
        "13 instants of a workbook",
        [
            ["country", "date", "revenue"],
            ["China", dt.datetime(2019, 12, 31, 23), 1],
            ["China", dt.datetime(2020, 1, 31, 23), 2],
        ],
        refused=("2019-12-31", "23:00", "date"),
    ),
    Case(
        "18 a total that disagrees",
        "country,year,share\nChina,2021,60\nFrance,2021,40\nTotal,2021,90\n",
        refused=("90", "100", "total"),
        given={"unit": "%", "whole": 100},
        kept=NO_MORE,
    ),
    Case(
        "18 a total that disagrees, of amounts",
        "country,year,revenue\nChina,2021,60\nFrance,2021,40\nTotal,2021,90\n",
        refused=("90", "100", "total"),
    ),
    Case(
        "18 a total that agrees",
        "country,year,revenue\nChina,2021,60\nFrance,2021,40\nTotal,2021,100\n",
        "CHN 2021 60\nFRA 2021 40",
    ),
    Case(
        "17 hidden rows and columns",
        [["country", "2020", "2021", "2022"], ["China", 1, 2, 3], ["France", 4, 5, 6], ["Canada", 7, 8, 9]],
        "CHN 2020 1\nCHN 2021 2\nCAN 2020 7\nCAN 2021 8",
        said=("hidden",),
        shape=hidden,
    ),
    Case(
        "17 taken in by choice",
        [["country", "2020", "2022"], ["China", 1, 3], ["France", 4, 6]],
        "CHN 2020 1\nCHN 2022 3\nFRA 2020 4\nFRA 2022 6",
        given={"hidden": "include"},
        shape=hidden,
    ),
]

REFUSED = [  # what was refused, though people have just this
    Case(
        "20 year and month",
        "Year,Month,Country,Share\n2019,9,China,0.7553\n2019,10,China,0.5\n",
        "CHN 2019-09 0.7553\nCHN 2019-10 0.5",
        kept={"unit": "1"},
    ),
    Case(
        "20 quarters",
        "Jahr,Quartal,Land,Wert\n2019,1,China,7\n2019,2,China,5\n",
        "CHN 2019-Q1 7\nCHN 2019-Q2 5",
    ),
    Case(
        "20 año, mes",
        "Año,Mes,País,Valor\n2019,enero,China,7\n2019,febrero,España,5\n",
        "CHN 2019-01 7\nESP 2019-02 5",
    ),
    Case(
        "21 saved by a spreadsheet",
        "date,country,revenue\n9/1/19,China,1\n10/1/19,China,2\n11/1/19,China,3\n1/1/20,China,4\n",
        refused=("dates", "mdy", "dmy"),
    ),
    Case(
        "21 as said",
        "date,country,revenue\n9/1/19,China,1\n10/1/19,China,2\n",
        "CHN 2019-09 1\nCHN 2019-10 2",
        given={"dates": "mdy"},
    ),
    Case(
        "21 one order fits",
        "date,country,revenue\n9/30/19,China,1\n10/31/19,China,2\n",
        "CHN 2019-09 1\nCHN 2019-10 2",
        said=("month/day/year: the only order that fits",),
    ),
    Case(
        "22 dotted",
        "Datum,Land,Wert\n31.01.2024,Schweiz,1\n29.02.2024,Schweiz,2\n",
        "CHE 2024-01 1\nCHE 2024-02 2",
    ),
    Case(
        "24 World Bank",
        "Country Name,Country Code,Series Name,Series Code,2019 [YR2019],2020 [YR2020]\n"
        '"Egypt, Arab Rep.",EGY,GDP (current US$),NY.GDP,1.5,..\nKosovo,XKX,GDP (current US$),NY.GDP,2.5,3\n',
        "EGY 2019 1.5\nXKX 2019 2.5\nXKX 2020 3",
    ),
    Case(
        "24 Eurostat",
        "geo,2019,2020\nDE,11.2 p,:\nEL,10.2,9.5 b\nUK,8.2,7\n",
        "DEU 2019 11.2 | provisional\nGRC 2019 10.2\n"
        "GRC 2020 9.5 | break in the series\nGBR 2019 8.2\nGBR 2020 7",
    ),
    Case(
        "24 Eurostat, SDMX",
        "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:X(1.0),01/02/24 11:00:00,A,EUR,DE,2021,11.2,p\n"
        "ESTAT:X(1.0),01/02/24 11:00:00,A,EUR,EL,2021,10.5,e\n"
        "ESTAT:X(1.0),01/02/24 11:00:00,A,EUR,FR,2021,,m\n",
        "DEU 2021 11.2 | provisional\nGRC 2021 10.5 (estimated)",
        kept={"over_time": "sum"},
    ),
    Case(
        "24 OECD",
        "STRUCTURE,REF_AREA,Reference area,MEASURE,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT\n"
        "DATAFLOW,AUS,Australia,B1GQ,USD,2022,123.5,A,0\nDATAFLOW,CAN,Canada,B1GQ,USD,2022,98.25,E,0\n",
        "AUS 2022 123.5\nCAN 2022 98.25 (estimated)",
        kept={"over_time": "sum"},
    ),
    Case(
        "24 IMF",
        "DATAFLOW,COUNTRY,INDICATOR,FREQUENCY,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "IMF:WEO,USA,NGDPD,A,2023,27720.7,\nIMF:WEO,DEU,NGDPD,A,2023,4525.3,E\n",
        "USA 2023 27720.7\nDEU 2023 4525.3 (estimated)",
    ),
    Case(
        "24 UN Comtrade",
        "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,primaryValue\n"
        ""
        "C,A,20220101,2022,52,2022,156,CHN,China,X,100\nC,A,20220101,2022,52,2022,842,USA,USA,X,200\n",
        "CHN 2022 100\nUSA 2022 200",
    ),
    Case(
        "24 OWID",
        "Entity,Code,Year,Electricity generation - TWh\n"
        + "".join(f"{code},{code},2020,{n}\n" for n, code in enumerate(LISTED, start=1))
        + "Kosovo,OWID_KOS,2020,3\nAfrica,,2020,9\nHigh-income countries,,2020,8\nWorld,OWID_WRL,2020,213\n",
        "".join(f"{code} 2020 {n}\n" for n, code in enumerate(LISTED, start=1)) + "XKX 2020 3",
        kept={"unit": "TWh", "over_time": "sum"},
        said=("left out", "Africa", "High-income countries"),
    ),
    Case(
        "24 OWID, of few countries",
        "Entity,Code,Year,Emissions\nChina,CHN,2020,20\nAfrica,,2020,9\nKosovo,OWID_KOS,2020,3\n",
        "CHN 2020 20\nafrica 2020 9\nXKX 2020 3",
        said=("region = column 'Entity'",),
    ),
    Case(
        "24 OECD, in millions",
        "REF_AREA,MEASURE,UNIT_MEASURE,UNIT_MULT,TIME_PERIOD,OBS_VALUE\nAUS,B1GQ,USD,6,2022,123.5\n",
        "AUS 2022 123.5",
        kept={"over_time": "sum"},
        said=("million USD",),
    ),
    Case(
        "24 IMF, World Economic Outlook",
        "WEO Country Code,ISO,Country,Units,Scale,2022,2023,Estimates Start After\n"
        "914,ALB,Albania,U.S. dollars,Billions,18.5,22.25,2022\n"
        "512,AFG,Afghanistan,U.S. dollars,Billions,14.5,n/a,2021\n",
        "ALB 2022 18.5\nALB 2023 22.25 (estimated)\nAFG 2022 14.5 (estimated)",
        kept={"over_time": "sum"},
        said=("billion U.S. dollars", "Estimates Start After"),
    ),
    Case(
        "24 M49",
        "Region/Country/Area,Name,Year,Series,Value\n156,China,2020,Area,7\n4,Afghanistan,2020,Area,9\n",
        "CHN 2020 7\nAFG 2020 9",
    ),
    Case(
        "24 FAO",
        "Area Code (M49),Area,Element,Item,Year,Unit,Value,Flag,Flag Description\n"
        "'004,Afghanistan,Production,Wheat,2020,t,5,A,Official figure\n"
        "'156,China,Production,Wheat,2020,t,7,E,Estimated value\n",
        "AFG 2020 5\nCHN 2020 7 (estimated)",
        kept={"over_time": "sum"},
    ),
    Case(
        "24 EIA",
        "API,,2019,2020\n,Generation (billion kWh),,\n"
        "INTL.2-AFG.A,Afghanistan,1,2\nINTL.2-CHN.A,China,--,4\n",
        "AFG 2019 1\nAFG 2020 2\nCHN 2020 4",
    ),
    Case(
        "25 numbers of ISO 3166",
        "country,year,revenue\n156,2021,1\n840,2021,2\n4,2021,3\n",
        "CHN 2021 1\nUSA 2021 2\nAFG 2021 3",
        said=("156 = China", "4 = Afghanistan"),
    ),
    Case(
        "25 FIPS of states",
        "state,year,revenue\n1,2021,1\n6,2021,2\n48,2021,3\n",
        "US-AL 2021 1\nUS-CA 2021 2\nUS-TX 2021 3",
        given={"level": "US"},
    ),
    Case(
        "26 names in German",
        "Land,Jahr,Wert\nDeutschland,2021,1\nRussland,2021,2\nHolland,2021,3\n",
        "DEU 2021 1\nRUS 2021 2\nNLD 2021 3",
    ),
    Case("26 in Spanish", "País,Año,Valor\nEspaña,2021,1\nEstados Unidos,2021,2\n", "ESP 2021 1\nUSA 2021 2"),
    Case(
        "26 in French", "Pays,Année,Valeur\nAllemagne,2021,1\nÉtats-Unis,2021,2\n", "DEU 2021 1\nUSA 2021 2"
    ),
    Case(
        "26 in Russian",
        "Страна,Год,Значение\nСоединённые Штаты,2021,1\nРоссия,2021,2\n",
        "USA 2021 1\nRUS 2021 2",
    ),
    Case("26 in Chinese", "国家,年份,数值\n美国,2021,1\n中国,2021,2\n", "USA 2021 1\nCHN 2021 2"),
    Case(
        "26 official names",
        'country,year,revenue\nNetherlands (Kingdom of the),2021,1\n"China, Taiwan Province of",2021,2\n'
        "Occupied Palestinian Territory,2021,3\n"
        '"Somalia, Fed. Rep.",2021,4\nPuerto Rico (US),2021,5\nKorea DPR,2021,6\n',
        "NLD 2021 1\nTWN 2021 2\nPSE 2021 3\nSOM 2021 4\nPRI 2021 5\nPRK 2021 6",
    ),
    Case(
        "27 a decimal comma",
        'country,year,share\nChina,2021,"50,5"\nFrance,2021,"4,06"\n',
        "CHN 2021 50.5\nFRA 2021 4.06",
        kept={"unit": "%"},
    ),
    Case(
        "27 percent signs",
        "country,year,share\nChina,2021,50.5 %\nFrance,2021,4 %\n",
        "CHN 2021 50.5\nFRA 2021 4",
        kept=NO_MORE,
    ),
    Case(
        "27 wide",
        "country,2020,2021\nChina,1,2\nFrance,3,4\n",
        "CHN 2020 1\nCHN 2021 2\nFRA 2020 3\nFRA 2021 4",
    ),
]

MORE = [
    Case(
        "36 sections with units of their own",
        'Country,2021,2022\n"Coal, million tonnes",,\nPoland,1,2\n"Oil, thousand barrels",,\nNorway,3,4\n',
        refused=("row 2: 'Coal, million tonnes'; row 4", "says the unit of the rows below it"),
    ),
    Case(
        "36 sections that are periods",
        "Country,Value\n2021,\nFrance,1\n2022,\nItaly,5\n",
        given={"period": "2021"},
        refused=("row 2: '2021'; row 4: '2022'", "says the period of the rows below it"),
    ),
    Case(
        "36 sections of a kind",
        "Country,2021\nHigh income,\nPoland,1\nLow income,\nMali,5\n",
        "POL 2021 1\nMLI 2021 5",
        said=("labels that stand alone above others: 'High income'; 'Low income'",),
    ),
    *(
        Case(
            f"7 {header}",
            f"{header},Year,Revenue\n{cells},2021,1\nSpain,ES,2021,2\n",
            refused=("disagree", *cells.split(",")),
        )
        for header, cells in (
            ("Country,ISO2", "Austria,AU"),
            ("Country,iso2c", "Austria,AU"),
            ("Country,alpha-2", "Austria,AU"),
        )
    ),
    Case(
        "7 numbers of another country",
        "Country,M49,Year,Revenue\nNiger,566,2021,1\n",
        refused=("'Niger'", "'566'"),
    ),
    Case(
        "7 codes and numbers of the same countries",
        "Country,ISO2,M49,Year,Revenue\nAlbania,AL,8,2021,1\nSpain,ES,724,2021,2\n",
        "ALB 2021 1\nESP 2021 2",
    ),
    Case(
        "25 numbers without their zeros",
        "M49 code,Year,Revenue\n4,2021,1\n8,2021,2\n724,2021,3\n",
        "AFG 2021 1\nALB 2021 2\nESP 2021 3",
        said=("4 is read as 004",),
    ),
    Case(
        "25 numbers without their zeros, which could be ranks",
        "M49 code,Year,Revenue\n4,2021,1\n8,2021,2\n",
        "AFG 2021 1\nALB 2021 2",
    ),
    Case(
        "11 a second column of figures",
        "Country,Year,Revenue,Cost\nChina,2021,1,10\n",
        refused=("'Revenue' and 'Cost' hold figures", "value"),
    ),
    Case(
        "11 ranks and codes beside the figures",
        "Rank,Country,Year,Revenue,Country code number,Population\n1,China,2021,1,156,1400\n",
        "CHN 2021 1",
    ),
    Case(
        "10 a part beside its country",
        "Country,State,Year,Revenue\nUSA,California,2021,1\nCanada,Ontario,2021,2\n",
        refused=("'State' beside 'Country' tells parts", "ignore"),
    ),
    Case(
        "10 a part that is left out",
        "Country,State,Year,Revenue\nUSA,California,2021,1\nCanada,Ontario,2021,2\n",
        "USA 2021 1\nCAN 2021 2",
        given={"ignore": ["State"]},
    ),
    Case(
        "12 months and their mean",
        "Country,Year,Period,Value\nUnited States,2020,M01,257.9\nUnited States,2020,M02,258.6\n"
        "United States,2020,M13,258.2\n",
        "USA 2020-01 257.9\nUSA 2020-02 258.6",
        said=("rows: 1 of whole years (Period = M13)",),
    ),
    Case(
        "7 days in a column of their own",
        "Country,Year,Month,Day of month,Value\nChina,2020,1,5,1.5\nChina,2020,2,6,2.5\n",
        refused=("'Day of month' has the days of the months in 'Month'", "ignore"),
    ),
    Case(
        "37 years in rows and months in columns",
        "Country,Year,Jan,Feb,Mar,Annual\nChina,2020,1,2,3,6\nChina,2021,4,,6,10\n",
        "CHN 2020-01 1\nCHN 2020-02 2\nCHN 2020-03 3\nCHN 2021-01 4\nCHN 2021-03 6",
        said=("months of the years in 'Year'", "'Annual' combines the months"),
    ),
    Case(
        "37 years in rows and quarters in columns, in German",
        "Land,Jahr,1. Quartal,2. Quartal\nChina,2020,1,2\nFrankreich,2020,3,4\n",
        "CHN 2020-Q1 1\nCHN 2020-Q2 2\nFRA 2020-Q1 3\nFRA 2020-Q2 4",
        said=("quarters of the years in 'Jahr'",),
    ),
    Case(
        "37 months in columns beside figures of another kind",
        "Country,Year,Jan,Feb,Plants\nChina,2020,1,2,30\n",
        refused=("no column for the value", "Plants"),
    ),
    Case(
        "8 a rate",
        "country,year,intensity\nChina,2021,500\nFrance,2021,100\n",
        "CHN 2021 500\nFRA 2021 100",
        given={"unit": "gCO2/kWh"},
        kept=NO_MORE,
        said=("over regions = no sum",),
    ),
    Case(
        "14 a part beside its country",
        "country,year,revenue\nFrance,2021,100\nFrench Guiana,2021,1\n"
        "Réunion,2021,2\nSvalbard and Jan Mayen,2021,3\n",
        "FRA 2021 100\nGUF 2021 1\nREU 2021 2\nSJM 2021 3",
    ),
    Case(
        "27 figures without a decimal sign that tells, and all else that is open",
        'country,date,revenue\nGA,1/2/20,"1,234"\nKY,3/4/20,"5,678"\n',
        refused=("2 things are open", "'1,234' = 1234", "1.234", "mdy", "dmy"),
    ),
    Case(
        "7 and 2, at once",
        "state,date,iso,value\nGA,1/2/20,CHN,1\nKY,3/4/20,FRA,2\n",
        refused=("2 things are open", "mdy", "disagree", "CHN"),
    ),
]

STAYS = [
    Case(
        "stays: mixed decimal signs",
        'country,year,revenue\nChina,2021,"1,5"\nFrance,2021,2.25\n',
        refused=("row 2", "1,5"),
    ),
    Case(
        "stays: a comma that may be either",
        'country,year,revenue\nChina,2021,"1,234"\nFrance,2021,"2,345"\n',
        refused=("1,234", "decimal"),
    ),
    Case(
        "stays: day or month",
        "date,country,revenue\n1/2/2020,China,1\n3/4/2020,China,2\n",
        refused=("dates",),
    ),
    Case(
        "stays: a continent beside its countries",
        "country,year,revenue\nChina,2021,1\nAsia,2021,5\n",
        refused=("asia", "CHN"),
    ),
    *(
        Case(f"stays: {name}", f"country,year,revenue\nChina,2021,1\n{name},2021,5\n", refused=(name,))
        for name in ("New Jersey", "Mexico City", "West Papua", "Norfolk")
    ),
]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("case", [*WRONG, *REFUSED, *MORE, *STAYS], ids=lambda case: case.row)
def test_a_table_comes_out_as_it_is_or_is_refused(
    case: Case, road: str, run: Run, tmp_path: Path, project: Path
) -> None:
    if case.refused:
        with pytest.raises((gt.GeotrackError, Refused)) as error:
            take(road, case, run, tmp_path, project)
        said = str(error.value)
        assert [word for word in case.refused if word not in said] == [], said
        return
    read, notes, said = take(road, case, run, tmp_path, project)
    wanted, noted = figures(case.read)
    assert read == wanted
    assert {place: notes[place] for place, note in noted.items() if note not in notes[place]} == {}
    assert [word for word in case.said if word not in said] == [], said
