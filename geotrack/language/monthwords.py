"""Names of months in the languages of most tables, written by scripts/make_monthwords.py.

To look words of titles up in CLDR would load a language after another. What is a month of two numbers
somewhere, or a word of what tables hold, is left out.
"""

from __future__ import annotations

_NAMES = (
    "de_gen de_gener ean eanáir ene enero gener gennaio gèr ian ianuarie jaan jaanuar jan janar janeiro "
    "januar januari januarie january január januára janv janvier janvāris janúar jän jänner leden ledna "
    "oca ocak saus sausio sausis sij siječanj siječnja styczeń stycznia tammi tammikuu tammikuuta urt "
    "urtarrila xan xaneiro yan yanvar ιαν ιανουάριοσ ιανουαρίου сту студзень студзеня січ січень січня "
    "янв январь января яну януари јан јануар јануари қаң қаңтар հնվ հունվար հունվարի ינואר ינו׳ جانفي "
    "جنوری كانون_الثاني يناير ژانویه जनवरी जन॰ জানু জানুয়ারি ม.ค มกราคม იან იანვარი",
    "de_febr de_febrer feabh feabhra feb febbraio febr febreiro febrer febrero februar februari februarie "
    "february február februára februāris febrúar fev fevereiro fevral fév févr février helmi helmikuu "
    "helmikuuta her hereuèr lutego luty ots otsaila shk shkurt vas vasario vasaris veebr veebruar velj "
    "veljača veljače úno únor února şub şubat φεβ φεβρουάριοσ φεβρουαρίου ақп ақпан лют лютага лютий "
    "лютого люты феб фебруар фев февр февраль февраля февруари փետրվար փետրվարի փտվ פברואר פבר׳ شباط "
    "فبراير فروری فوریه فيفري फ़रवरी फ़र॰ ফেব ফেব্রুয়ারি ก.พ กุมภาพันธ์ თებ თებერვალი",
    "bře březen března de_març kov kovas kovo maalis maaliskuu maaliskuuta maart machi mar marca march "
    "marec maret mars mart martie marts martxoa marzec marzo març março mrt mrz márc március márta mäe "
    "mäerz mär märts märz ožu ožujak ožujka μάρ μάρτιοσ μαρ μαρτίου бер березень березня мар март марта "
    "нау наурыз сак сакавік сакавіка մարտ մարտի մրտ מרץ آذار مارس مارچ मार्च মার্চ มี.ค มีนาคม მარ მარტი",
    "abr abril abriu abrëll aib aibreán api apirila apr aprel april aprile aprili aprilie aprill apríl "
    "apríla aprīlis avr avril bal balandis balandžio dub duben dubna huhti huhtikuu huhtikuuta kwi "
    "kwiecień kwietnia nis nisan prill travanj travnja ápr április απρ απρίλιοσ απριλίου апр апрель "
    "апреля април квіт квітень квітня кра красавік красавіка сәу сәуір ապր ապրիլ ապրիլի אפריל אפר׳ آوریل "
    "أبريل أفريل إبريل اپریل نيسان अप्रैल এপ্রি এপ্রিল เม.ย เมษายน აპრ აპრილი",
    "beal bealtaine de_maig geg gegužė gegužės kvě květen května maggio mai maiatza maig maijs maio maj "
    "maja may mayo mayıs maí mee mei máj mája május svibanj svibnja touko toukokuu toukokuuta μάι μάιοσ "
    "μαΐ μαΐου май мам мамыр мая мај тра трав травень травня траўня մայիս մայիսի մյս מאי أيار مئی ماي "
    "مايو พ.ค พฤษภาคม მაი მაისი",
    "birž birželio birželis cze czerwca czerwiec de_juny eka ekaina giu giugno haz haziran iun iunie iyn "
    "iyun jui juin jun june junh junho juni junie junij junio juny juuni jún júna június júní jūn jūnijs "
    "kesä kesäkuu kesäkuuta lipanj lipnja meith meitheamh qer qershor xuño červen června čvn ιουν ιουνίου "
    "ιούν ιούνιοσ июн июнь июня мау маусым черв червень червня чэр чэрвень чэрвеня юни јун јуни հնս "
    "հունիս հունիսի יוני جوان جون حزيران يونيو ژوئن जून জুন มิ.ย มิถุนายน ივნ ივნისი",
    "de_jul de_juliol heinä heinäkuu heinäkuuta iul iulie iyl iyul iúil juil juill juillet jul julai "
    "julho juli julie julij julio juliol july jur juriòl juuli júl júla július júlí jūl jūlijs korr "
    "korrik liep liepa liepos lipca lipiec lug luglio srpanj srpnja temmuz uzt uztaila xul xullo července "
    "červenec čvc ιουλ ιουλίου ιούλ ιούλιοσ июл июль июля лип липень липня ліп ліпень ліпеня шіл шілде "
    "юли јул јули հլս հուլիս հուլիսի יולי تموز جولائی جويلية يوليو يوليوز ژوئیه जुलाई जुल॰ জুল জুলাই ก.ค "
    "กรกฎาคม ივლ ივლისი",
    "abu abuztua agost agosti agosto agu agustus août aug august augusta augusti augusts augustus "
    "augusztus avgust avq avqust ağu ağustos elokuu elokuuta gush gusht kolovoz kolovoza lún lúnasa ogo "
    "ogos rugp rugpjūtis rugpjūčio sierpień sierpnia srpen srpna ágú ágúst αυγ αυγούστου αύγ αύγουστοσ "
    "авг август августа жні жнівень жніўня серп серпень серпня там тамыз օգոստոս օգոստոսի օգս אוגוסט אוג׳ "
    "أغسطس أغشت أوت اوت اگست غشت अगस्त अग॰ আগস্ট ส.ค สิงหาคม აგვ აგვისტო",
    "de_set de_setembre eyl eylül ira iraila meán_fómhair mfómh rugs rugsėjis rugsėjo ruj rujan rujna sen "
    "sentabr sentyabr sep sept septemba septembar september septembra septembre septembrie septembris "
    "septiembre setembre setembro seteme settembre sht shtator syys syyskuu syyskuuta szept szeptember "
    "wrz wrzesień września zář září σεπ σεπτέμβριοσ σεπτεμβρίου вер верасень верасня верасьня вересень "
    "вересня сент сентябрь сентября сеп септ септембар септември қыр қыркүйек սեպ սեպտեմբեր սեպտեմբերի "
    "ספטמבר ספט׳ أيلول سبتمبر ستمبر سپتامبر شتمبر شتنبر सितंबर सित॰ সেপ সেপ্ট সেপ্টেম্বর ก.ย กันยายน სექ "
    "სექტემბერი",
    "deireadh_fómhair dfómh eki ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt "
    "oktabr oktoba oktobar oktober oktobris oktoober oktyabr október októbra ott ottobre outubro paź "
    "październik października spal spalio spalis tet tetor urr urria říj říjen října οκτ οκτωβρίου "
    "οκτώβριοσ жовт жовтень жовтня кас кастрычнік кастрычніка окт октобар октомври октябрь октября қаз "
    "қазан հոկ հոկտեմբեր հոկտեմբերի אוקטובר אוק׳ أكتوبر اکتبر اکتوبر تشرين_الأول अक्टूबर अक्टू॰ অক্টো "
    "অক্টোবর ต.ค ตุลาคม ოქტ ოქტომბერი",
    "aza azaroa de_nov de_novembre kasım lapkr lapkritis lapkričio listopadu marras marraskuu marraskuuta "
    "noiembrie nov novemba novembar november novembra novembre novembris novembro noveme noviembre noy "
    "noyabr nën nëntor nóv nóvember samh samhain studeni studenoga νοέ νοέμβριοσ νοε νοεμβρίου лист "
    "листопад листопада ліс лістапад лістапада нов новембар ное ноември нояб ноябрь ноября қар қараша նոյ "
    "նոյեմբեր նոյեմբերի נובמבר נוב׳ تشرين_الثاني نوامبر نوفمبر نومبر نونبر नवंबर नव॰ নভে নভেম্বর พ.ย "
    "พฤศจิกายน ნოე ნოემბერი",
    "abe abendua aralık de_des de_desembre dec decembar december decembra decembrie decembris decembro "
    "dek dekabr des desemba desember desembre deseme dets detsember dez dezember dezembro dhj dhjetor dic "
    "dicembre diciembre dis disember déc décembre grudnia grudzień gruod gruodis gruodžio joulu joulukuu "
    "joulukuuta noll nollaig prosinac prosinca prosince prosinec δεκ δεκέμβριοσ δεκεμβρίου груд грудень "
    "грудня дек декабрь декабря декември дец децембар жел желтоқсан сне снежань снежня сьн сьнежань "
    "сьнежня դեկ դեկտեմբեր դեկտեմբերի דצמבר דצמ׳ دجمبر دجنبر دسامبر دسمبر ديسمبر كانون_الأول दिसंबर दिस॰ "
    "ডিসে ডিসেম্বর ธ.ค ธันวาคม დეკ დეკემბერი",
)
MONTHS = {name.replace("_", " "): n for n, names in enumerate(_NAMES, start=1) for name in names.split()}
"""Names, as `timewords.plain` has them -> the number of the month."""
