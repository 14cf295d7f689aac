"""Long passwords that are guessed early all the same. Pure.

Lists of leaked passwords hold few of fifteen characters and more; those few are common ones put together:
twice the same word, a word and a year, a row of the keyboard. So what is refused is a password made of
nothing but such pieces. There are no rules of composition (NIST SP 800-63B, 3.1.1.2).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        """
    aaron abc access account admin administrator aftercare alexander amanda america andrea andrew angel
    angela anthony apple april ashley august austin autumn baby babygirl bailey banana baseball basketball
    batman batterystaple beautiful blessed blue brandon buster butterfly calendar camaro changeit changeme
    charlie cheese chelsea chicken chocolate christ christmas christopher cocacola computer cookie correct
    corvette cowboys daniel december default diamond dolphin donald dragon eagles easter elizabeth eminem
    faith family february flower football forever freedom friday friends gandalf george ginger goodluck
    google grace guitar hannah happy harley heather hello helloworld hockey home hope horse hospital
    hunter ihateyou iloveu iloveyou internet january jasmine jason jennifer jessica jesus jesuschrist
    jordan joseph joshua july june junior justin killer kitty lakers laptop letmein letmeinnow liverpool
    london lord love lovely loveme loveyou lucky maggie manchester march marina marlboro martin master
    matrix matthew maverick melissa mercedes mercury merlin michael michelle mickey midnight miller monday
    money monkey monster morgan mother mustang mylove mypassword mypasswordis naruto nathan newyork
    nicholas nicole ninja nothing november nurse october oliver orange panther pass passcode passphrase
    passw password passwort patrick peanut pepper phoenix phone please pokemon porsche prince princess
    purple qazwsx qwert qwerty qwertz rabbit rainbow ranger recovery richard robert rocket rockyou
    samantha samsung saturday scheduler school secret secure security september serenity shadow shannon
    silver sister slipknot snoopy soccer sophie spider spiderman spring staff starwars stephanie steven
    strawberry summer sunday sunflower sunshine superman superstar sweet taylor temp temporary tequiero
    test tester testing thanks thebest thisis thomas thunder thursday tiger tigger trinity trustme trustno
    tuesday user username vanessa victoria wednesday welcome whatever william winner winter wizard work
    yankees yellow you zxcvbn
        """,
    )
)
ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
INSTEAD: Final = str.maketrans("@4310$5!7", "aaeiossit")
SIGNS: Final = re.compile(r"[\s!-/:-@\[-`{-~]+")
"""What people put between and behind words; it makes nothing harder to guess."""

SHORTEST_RUN: Final = 3


def is_guessed_early(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether ``password`` is nothing but common words, runs, repeats and digits.

    ``about`` are words that lie near: the person's name and address, the organization's name.
    """
    near = frozenset(word for text in about for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))
    plain = SIGNS.sub("", password.casefold())
    spelled = SIGNS.sub("", password.casefold().translate(INSTEAD))
    return any(_only_pieces(_unrepeated(text), COMMON | near) for text in (plain, spelled))


def _unrepeated(text: str) -> str:
    """One copy of what a text repeats from its beginning to its end ("abcabcab": "abc")."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size] if size < 8 else _unrepeated(text[:size])
    return text


def _only_pieces(text: str, words: frozenset[str]) -> bool:
    """Whether ``text`` can be cut into common words, runs and digits, leaving out at most two letters."""
    longest = max(map(len, words))
    spare = [0] + [len(text) + 1] * len(text)  # the fewest letters left over up to each place
    for end in range(1, len(text) + 1):
        left_over = 0 if text[end - 1].isdigit() else 1
        spare[end] = spare[end - 1] + left_over
        for start in range(max(0, end - longest), end):
            if spare[start] < spare[end] and (text[start:end] in words or _is_run(text[start:end])):
                spare[end] = spare[start]
    return spare[-1] <= 2 or len(text) < 8


@lru_cache(maxsize=4096)
def _is_run(text: str) -> bool:
    if len(text) < SHORTEST_RUN:
        return False
    return len(set(text)) == 1 or any(text in row or text[::-1] in row for row in ROWS)
