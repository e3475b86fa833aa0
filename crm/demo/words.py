"""Names for people and companies that do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_FIRST_NAMES = """
    Alice Amir Ana Anders Bianca Bruno Carla Chen Dana Diego Elena Emil Fatima Felix Greta Hanna
    Hiro Ines Ivan Jana Jonas Julia Karim Lea Liam Lucia Malik Mara Mateo Mina Nadia Nils Nora
    Olga Omar Paula Pavel Priya Rafael Rosa Sami Sofia Stefan Tara Tom Uma Viktor Wanda Yara Zoe
"""
_LAST_NAMES = """
    Abel Acosta Bauer Berg Blanc Bosch Brandt Castro Costa Dahl Diaz Dubois Eriksen Farkas
    Fischer Fontana Garcia Greco Haas Hansen Ito Jansen Kaya Keller Kovac Lang Laurent Lindqvist
    Lopez Marino Mendes Meyer Moreau Nowak Okafor Olsen Park Pereira Quinn Ricci Rossi Santos
    Schmidt Silva Sorensen Tanaka Vidal Wagner Weber Zhang
"""
_COMPANY_FIRST = """
    Alder Amber Apex Aster Atlas Aurora Basalt Beacon Birch Blue Bright Cedar Cobalt Coral Crest
    Delta Ember Falcon Fjord Garnet Granite Harbor Hazel Indigo Iron Ivory Juniper Kestrel Lark
    Linden Lunar Maple Meridian Mosaic Nimbus North Oak Onyx Orchid Osprey Pebble Pine Polar
    Quartz Raven River Saffron Silver Solar Stone Summit Tidal Umber Velvet Vista Willow Zenith
"""
FIRST_NAMES = tuple(_FIRST_NAMES.split())
LAST_NAMES = tuple(_LAST_NAMES.split())
COMPANY_FIRST = tuple(_COMPANY_FIRST.split())
# By industry: a name may say what a company does, as names do.
COMPANY_SECOND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Software": ("Analytics", "Labs", "Networks", "Software", "Systems"),
        "Finance": ("Capital", "Finance", "Insurance", "Partners", "Payments"),
        "Healthcare": ("Care", "Clinics", "Health", "Medical", "Pharma"),
        "Manufacturing": ("Components", "Machines", "Plastics", "Robotics", "Works"),
        "Logistics": ("Freight", "Logistics", "Shipping", "Transport", "Warehouses"),
        "Retail": ("Bakeries", "Fashion", "Foods", "Stores", "Trading"),
        "Education": ("Academy", "Campus", "College", "Learning", "School"),
        "Public sector": ("Agency", "Council", "Library", "Museum", "Utilities"),
    }
)
COUNTRIES = ("DE", "FR", "ES", "IT", "PT", "NL", "PL", "SE", "AT", "CH", "GB", "US")
TOPICS = ("crm", "erp", "hr", "billing", "reports", "email", "sales", "support", "api", "security")
SALES_TEAM = ("Anna", "Ben", "Carla")
