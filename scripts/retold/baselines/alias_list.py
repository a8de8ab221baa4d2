"""Baseline ``alias-list``: names looked up in a list of well-known ones, null for all others.

The list was written down from general knowledge, without a look at the articles' annotation, for world news
of any kind: countries, capitals, heads of state and government, organisations, papers and wars, with their
Wikidata items. An alias means one item here whatever stands around it, so ``Washington`` is always the
city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from retold.baselines.pieces import head, span
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs

_BEFORE = re.compile(r"^the\s+")
_BEHIND = re.compile(r"['’]s?$")

# An item a line: its number, then its names. Case and stops do not matter.
ITEMS = """
Q30 United States|United States of America|U.S.A.|U.S.|America
Q145 United Kingdom|U.K.|Britain|Great Britain
Q212 Ukraine
Q159 Russia|Russian Federation
Q15180 Soviet Union|USSR|U.S.S.R.
Q142 France
Q183 Germany|Federal Republic of Germany
Q38 Italy
Q29 Spain
Q45 Portugal
Q36 Poland
Q55 Netherlands|Holland
Q31 Belgium
Q32 Luxembourg
Q39 Switzerland
Q40 Austria
Q41 Greece
Q43 Turkey|Türkiye|Turkiye
Q229 Cyprus
Q233 Malta
Q27 Ireland|Republic of Ireland
Q189 Iceland
Q20 Norway
Q34 Sweden
Q33 Finland
Q35 Denmark
Q223 Greenland
Q191 Estonia
Q211 Latvia
Q37 Lithuania
Q184 Belarus
Q217 Moldova
Q218 Romania
Q219 Bulgaria
Q28 Hungary
Q213 Czech Republic|Czechia
Q214 Slovakia
Q215 Slovenia
Q224 Croatia
Q403 Serbia
Q225 Bosnia and Herzegovina|Bosnia
Q236 Montenegro
Q221 North Macedonia|Macedonia
Q222 Albania
Q1246 Kosovo
Q230 Georgia
Q399 Armenia
Q227 Azerbaijan
Q232 Kazakhstan
Q148 China|People's Republic of China|PRC
Q865 Taiwan
Q17 Japan
Q884 South Korea|Republic of Korea
Q423 North Korea
Q668 India
Q843 Pakistan
Q889 Afghanistan
Q902 Bangladesh
Q881 Vietnam
Q252 Indonesia
Q928 Philippines
Q869 Thailand
Q334 Singapore
Q794 Iran
Q796 Iraq
Q801 Israel
Q858 Syria
Q822 Lebanon
Q810 Jordan
Q851 Saudi Arabia
Q878 United Arab Emirates|U.A.E.
Q846 Qatar
Q817 Kuwait
Q805 Yemen
Q79 Egypt
Q1016 Libya
Q262 Algeria
Q1028 Morocco
Q1033 Nigeria
Q258 South Africa
Q16 Canada
Q96 Mexico
Q241 Cuba
Q717 Venezuela
Q739 Colombia
Q155 Brazil
Q414 Argentina
Q408 Australia
Q664 New Zealand
Q46 Europe
Q48 Asia
Q15 Africa
Q49 North America
Q18 South America
Q7204 Middle East
Q7835 Crimea|Crimean Peninsula
Q166 Black Sea
Q99 California
Q1439 Texas
Q812 Florida
Q797 Alaska
Q61 Washington|Washington, D.C.|Washington D.C.
Q60 New York|New York City
Q84 London
Q1899 Kyiv|Kiev
Q649 Moscow
Q90 Paris
Q64 Berlin
Q1726 Munich
Q220 Rome
Q2807 Madrid
Q597 Lisbon
Q270 Warsaw
Q727 Amsterdam
Q36600 The Hague|Hague
Q239 Brussels
Q70 Bern
Q71 Geneva
Q1741 Vienna
Q1524 Athens
Q3640 Ankara
Q406 Istanbul
Q1761 Dublin
Q1764 Reykjavik|Reykjavík
Q585 Oslo
Q1754 Stockholm
Q1757 Helsinki
Q1748 Copenhagen
Q1770 Tallinn
Q1773 Riga
Q216 Vilnius
Q2280 Minsk
Q19660 Bucharest
Q472 Sofia
Q1781 Budapest
Q1085 Prague
Q1780 Bratislava
Q437 Ljubljana
Q1435 Zagreb
Q3711 Belgrade
Q994 Tbilisi
Q956 Beijing
Q1490 Tokyo
Q8684 Seoul
Q18808 Pyongyang
Q987 New Delhi
Q1362 Islamabad
Q5838 Kabul
Q3616 Tehran
Q1530 Baghdad
Q1218 Jerusalem
Q3766 Damascus
Q3692 Riyadh
Q3861 Doha
Q85 Cairo
Q1930 Ottawa
Q3114 Canberra
Q22686 Donald Trump|Donald J. Trump|Trump
Q6279 Joe Biden|Biden
Q76 Barack Obama|Obama
Q207 George W. Bush|Bush
Q1124 Bill Clinton|Clinton
Q6294 Hillary Clinton
Q10853588 Kamala Harris|Harris
Q28935729 J.D. Vance|Vance
Q24313 Mike Pence|Pence
Q324546 Marco Rubio|Rubio
Q9960 Ronald Reagan|Reagan
Q9696 John F. Kennedy
Q7747 Vladimir Putin|Putin
Q23530 Dmitry Medvedev|Medvedev
Q34453 Boris Yeltsin|Yeltsin
Q30487 Mikhail Gorbachev|Gorbachev
Q855 Joseph Stalin|Stalin
Q3874799 Volodymyr Zelenskyy|Volodymyr Zelensky|Volodymyr Zelenskiy|Zelenskyy|Zelensky|Zelenskiy
Q2866 Alexander Lukashenko|Lukashenko
Q6383803 Keir Starmer|Starmer
Q180589 Boris Johnson
Q264766 Theresa May
Q192 David Cameron|Cameron
Q9545 Tony Blair|Blair
Q8016 Winston Churchill|Churchill
Q3052772 Emmanuel Macron|Macron
Q567 Angela Merkel|Merkel
Q61053 Olaf Scholz|Scholz
Q60772 Ursula von der Leyen|von der Leyen
Q946 Donald Tusk|Tusk
Q57641 Viktor Orbán|Viktor Orban|Orbán|Orban
Q39259 Recep Tayyip Erdoğan|Recep Tayyip Erdogan|Erdoğan|Erdogan
Q57792 Mark Rutte|Rutte
Q57665 Jens Stoltenberg|Stoltenberg
Q15031 Xi Jinping|Xi
Q1058 Narendra Modi|Modi
Q56226 Kim Jong Un|Kim Jong-un
Q43723 Benjamin Netanyahu|Netanyahu
Q3099714 Justin Trudeau|Trudeau
Q450675 Pope Francis
Q317521 Elon Musk|Musk
Q7184 NATO|North Atlantic Treaty Organization|North Atlantic Treaty Organisation
Q458 European Union|E.U.
Q8880 European Commission
Q8889 European Parliament
Q8908 Council of Europe
Q1065 United Nations|U.N.
Q37470 United Nations Security Council|U.N. Security Council
Q81299 Organization for Security and Co-operation in Europe|OSCE
Q7804 International Monetary Fund|IMF
Q7164 World Bank
Q7825 World Trade Organization|WTO
Q7817 World Health Organization|WHO
Q7159 African Union
Q7768 ASEAN
Q7795 OPEC
Q7178 Red Cross
Q35525 White House
Q133274 Kremlin
Q11268 Congress|U.S. Congress|United States Congress
Q66096 Senate|U.S. Senate|United States Senate
Q11701 House of Representatives
Q11209 Department of Defense|Defense Department|Pentagon
Q789915 State Department|Department of State
Q37230 CIA|Central Intelligence Agency
Q8333 FBI|Federal Bureau of Investigation
Q29468 Republican Party|GOP
Q29552 Democratic Party
Q38799 Hamas
Q41053 Hezbollah
Q42418 Taliban
Q42970 Amnesty International
Q187052 Human Rights Watch
Q9531 BBC
Q48340 CNN
Q186068 Fox News
Q9684 New York Times
Q166032 Washington Post
Q164746 Wall Street Journal
Q11148 Guardian
Q180089 Economist
Q130879 Reuters
Q40469 Associated Press|AP
Q40464 Agence France-Presse|AFP
Q918 Twitter
Q355 Facebook
Q361 World War I|First World War
Q362 World War II|Second World War
Q8683 Cold War
Q15860072 Russo-Ukrainian War
Q110999040 Ukraine War|War in Ukraine|Russian invasion of Ukraine
Q44806 Ukrainians
Q49542 Russians
Q846570 Americans
"""


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's given names with their items."""
    items = _items()
    for record in inputs(task, gold):
        linked = [
            span(record["text"], (given["start"], given["end"]))
            | {"wikidata": items.get(_key(given["text"]))}
            for given in record["mentions"]
        ]
        yield head(record) | {"mentions": linked}


def _items() -> dict[str, str]:
    """Return the item of each name."""
    rows = (line.split(" ", 1) for line in ITEMS.split("\n") if line)
    return {_key(alias): item for item, aliases in rows for alias in aliases.split("|")}


def _key(name: str) -> str:
    plain = " ".join(name.replace(".", "").replace(",", "").casefold().split())
    return _BEHIND.sub("", _BEFORE.sub("", plain))
