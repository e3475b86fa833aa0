"""What a job title and an e-mail domain say of a person, in the languages of Europe's offices."""

from __future__ import annotations

import re
import unicodedata

_FREE_MAIL = """
    aol.com bluewin.ch fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr
    hotmail.it icloud.com laposte.net libero.it live.com live.de live.nl mac.com mail.com
    mail.ru me.com msn.com o2.pl online.de orange.fr outlook.com outlook.de outlook.es
    outlook.fr pm.me proton.me protonmail.com qq.com rocketmail.com sapo.pt seznam.cz sfr.fr
    t-online.de virgilio.it wanadoo.fr web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.es
    yahoo.fr yahoo.it yandex.ru ymail.com ziggo.nl zoho.com 163.com 126.com
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())

ASSISTANT = "assistant or trainee"
TOP = "top management"
OTHER_TITLE = "other title"

# The first rank with a word in the title wins: the assistant of a director is an assistant.
# Written as compared: small letters, no accents, ss for ß.
_WORDS_OF_RANK = {
    ASSISTANT: """
        apprenti apprentice asistente assistant assistante assistent assistente assistentin
        assistenz assistenza auszubildende auszubildender azubi becaria becario estagiaria
        estagiario intern internship junior praktikant praktikantin receptionist secretaire
        secretaria secretary segretaria sekretar sekretarin stagiaire stagista student
        studentin trainee volontar volontarin werkstudent werkstudentin
    """,
    TOP: """
        amministratore amministratrice bestuurder ceo cfo chairman chairwoman chief cio ciso
        cmo cofondateur cofounder coo coowner cpo cro cso cto dg duena dueno eigenaar
        fondateur fondatore fondatrice founder fundador fundadora gerant gerante
        geschaftsfuhrender geschaftsfuhrer geschaftsfuhrerin geschaftsfuhrung gesellschafter
        gesellschafterin grunder grunderin inhaber inhaberin managing oprichter owner
        partner pdg prasident prasidentin president presidente propietaria propietario
        proprietaire proprietario proprietor socia socio titolare vorstand vorstandin
        vorstandsvorsitzender
    """,
    "director": """
        abteilungsleiter avp bereichsleiter chef directeur director directora directrice
        direktor direktorin diretor diretora direttore direttrice einkaufsleiter evp head
        hoofd jefa jefe leiter leiterin leitung marketingleiter principal prokurist
        prokuristin svp verkaufsleiter vertriebsleiter vice vp
    """,
    "manager": """
        coordinador coordinadora coordinateur coordinator coordinatore encargada encargado
        gerente gestionnaire gruppenleiter gruppenleiterin koordinator koordinatorin lead
        leader manager managerin mgr projektleiter projektleiterin responsabile responsable
        responsavel supervisor teamlead teamleiter teamleiterin
    """,
    "specialist": """
        accountant acheteur administrator agent analista analyst analystin architect
        architekt berater beraterin buchhalter buyer comprador comptable consulente
        consultant consultor consultora contable designer developer einkaufer einkauferin
        engenheiro engineer entwickler entwicklerin especialista executive expert ingegnere
        ingeniera ingeniero ingenieur ingenieurin officer referent referentin representative
        sachbearbeiter sachbearbeiterin scientist specialist specialista spezialist
        spezialistin technician techniker technikerin tecnico
    """,
}
RANKS = {rank: frozenset(words.split()) for rank, words in _WORDS_OF_RANK.items()}
# Two words decide before one does.
PHRASES = {
    "vice president": "director",
    "chef de projet": "manager",
    "chef de produit": "manager",
    "product owner": "manager",
    "key account": "manager",
    "directeur general": TOP,
    "directrice generale": TOP,
    "director general": TOP,
    "directora general": TOP,
    "general director": TOP,
    "general manager": TOP,
    "direttore generale": TOP,
    "diretor geral": TOP,
    "consejero delegado": TOP,
}


def seniority(title: str) -> str:
    """The rank that a job title names ("Head of Sales" -> "director"), or "other title"."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"\w+", plain)
    if not RANKS[ASSISTANT].isdisjoint(words):
        return ASSISTANT
    text = " ".join(words)
    for phrase, rank in PHRASES.items():
        if phrase in text:
            return rank
    ranks = (rank for rank, known in RANKS.items() if not known.isdisjoint(words))
    return next(ranks, OTHER_TITLE)


def mail_kind(domain: str) -> str:
    """Whose mail server it is: "free mail" for a private address, else "company"."""
    return "free mail" if domain.casefold() in FREE_MAIL else "company"
