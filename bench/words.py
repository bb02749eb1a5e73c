"""Made-up text that a search index meets like real text: words drawn by Zipf's law, a good third of them stop words."""

import random
from itertools import accumulate

STOP = (
    "the of and in to a with was for were is by that on as from at an be this are or not after which we patients had "
    "has but their no his her its who all been between than"
).split()
STARTS = "neur my derm card hep ren ost gastr hem cyt path imm necr infl atr fibr vasc musc sympt clin b d f l p tr".split()
MIDDLES = "o i a io er in on at ul os id ar yt ol".split()
ENDS = "itis osis opathy ic al oma ation ity emia ase in ine ogram ium ate ed ing s ly e y".split()


class Words:
    """A vocabulary of ``size`` words, the same for the same seed."""

    def __init__(self, seed: int, size: int = 30_000) -> None:
        self.random = random.Random(seed)
        known: dict[str, None] = {}
        while len(known) < size:
            middle = "".join(self.random.choices(MIDDLES, k=self.random.randint(0, 3)))
            known[self.random.choice(STARTS) + middle + self.random.choice(ENDS)] = None
        self.rare = list(known)
        self.weights = list(accumulate(1 / (n + 2) for n in range(size)))
        self.stop_weights = list(accumulate(1 / (n + 1) for n in range(len(STOP))))

    def some(self, count: int) -> list[str]:
        stop = sum(self.random.random() < 0.36 for _ in range(count))
        drawn = self.random.choices(self.rare, cum_weights=self.weights, k=count - stop)
        drawn += self.random.choices(STOP, cum_weights=self.stop_weights, k=stop)
        self.random.shuffle(drawn)
        return drawn

    def phrase(self, least: int, most: int) -> str:
        return " ".join(self.some(self.random.randint(least, most))).capitalize()

    def prose(self, count: int) -> str:
        """Sentences of about 20 words, ``count`` words in all."""
        words = self.some(count)
        sentences = [" ".join(words[n : n + 20]).capitalize() for n in range(0, count, 20)]
        return ". ".join(sentences) + "."
