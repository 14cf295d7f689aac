"""Names of people who do not exist."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words(
    """
    Abena Adriana Agnes Alejandro Alma Amadou Amina Anders Anneke Antoine Aoife Aroha Arturo Asha
    Beatriz Bernard Bianca Björn Callum Camila Carmen Cedric Celeste Chidi Clara Claudia Cyrus Dalia
    Darius Delia Demetrius Devon Dolores Edwin Elena Eli Elias Emeka Emiko Ernesto Esther Ezra Farid
    Fatima Felicity Fiona Florence Gabriel Gideon Gloria Goran Grace Hana Harold Hassan Hazel Hector
    Henrik Hilda Hugo Ibrahim Ignacio Ilse Imani Irene Isaiah Jacinta Jamal Janelle Jasper Joaquin
    Johanna Jonah Josefina Joyce Juma Kamala Karim Katarzyna Keisha Kenji Kiran Kofi Lamar Latoya Leila
    Leonard Leticia Lionel Lorena Lucía Luther Magda Mahmoud Malik Marcus Margit Mateo Mei Mercedes
    Miriam Moses Nadia Naomi Nestor Nikolai Noor Octavia Olga Oskar Otis Pablo Pavel Percy Petra Priya
    Quentin Rafael Ramona Reuben Rita Roland Rosa Rufus Sabine Salma Samir Selma Silas Simone Soledad
    Stellan Sunita Tamika Tariq Tatiana Teodoro Theodora Thelma Tobias Trinh Ulrike Uma Valentina Vernon
    Vikram Viola Walter Wanda Wilhelmina Xavier Ximena Yara Yolanda Yuki Zainab Zeke Zofia
    """
)

FAMILY = _words(
    """
    Abara Acheson Aguilar Alvarado Amsel Andrade Aoki Ardley Atkins Babcock Baptiste Barros Bello
    Benítez Bexley Birch Boateng Bowden Brandt Burrell Cardoso Carver Castellan Chowdhury Coleman
    Corrigan Cruz Dahl Danjuma Delgado Diallo Dimitrov Dolan Duarte Eberle Ekström Ellery Espinosa
    Fairley Farrow Fekete Fontaine Forde Fuentes Galloway Garland Ghosh Gillespie Goode Grieg Gutiérrez
    Hadley Haddad Hagen Halloran Harlow Hendricks Herrera Holt Ibarra Ingram Ishikawa Ivers Jansen
    Jarrett Jokinen Kaplan Kassab Keane Khoury Kimura Kovács Kuznets Lachance Lambert Larkin Lindqvist
    Lozano Mabry Macedo Marchetti Mbeki McAllister Medina Mendes Mensah Molina Moreau Mwangi Nakata
    Navarro Nguyen Nilsen Nkemelu Obi Ocampo Odell Okafor Olsen Ortega Osei Pacheco Palmer Park Patel
    Pereira Pham Pruitt Quigley Ramsey Reinholt Rhodes Ríos Rojas Rosario Sadler Salazar Sandoval Santos
    Sayeed Serrano Shaw Sidibe Sorensen Stokes Suzuki Talbot Tanaka Tavares Thorne Toledo Trask Udo
    Urbina Vance Vargas Villareal Vogel Wachira Wendt Whitlock Wójcik Yamada Yoder Youssef Zamora Zapata
    Zielinski
    """
)


def full_names(random: Random, how_many: int, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Different names, of which no two shorten to the same "First L.", nor to that of a name already
    taken.
    """
    used = {shortened(name) for name in taken}
    names: list[str] = []
    while len(names) < how_many:
        name = f"{random.choice(GIVEN)} {random.choice(FAMILY)}"
        if shortened(name) not in used:
            used.add(shortened(name))
            names.append(name)
    return tuple(names)


def shortened(name: str) -> str:
    """As a sheet shows it."""
    given, _, family = name.partition(" ")
    return f"{given} {family[:1]}."
