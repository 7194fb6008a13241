"""Makes tweets.csv and sentences.jsonl from two packages; README.md beside this file says which, and under which licences.

python notebooks/data/prepare.py VADERSENTIMENT_SDIST OPENNLP_TOOLS_TESTS_JAR
"""

import csv
import html
import io
import json
import random
import re
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PER_CLASS = 800
KINDS = {"person", "location", "organization"}
SENTENCES = {"news-1": "voa1.train", "news-2": "voa2.train", "letters": "AnnotatedSentences.txt"}


def tweets(sdist):
    """800 rated texts of each class, drawn with a fixed seed."""
    with tarfile.open(sdist) as outer:
        member = next(m for m in outer if m.name.endswith("hutto_ICWSM_2014.tar.gz"))
        with tarfile.open(fileobj=io.BytesIO(outer.extractfile(member).read())) as inner:
            lines = inner.extractfile("hutto_ICWSM_2014/tweets_GroundTruth.txt").read().decode("utf-8").splitlines()
    classes = {"negative": [], "neutral": [], "positive": []}
    for line in lines:
        number, rating, text = line.split("\t")
        text = html.unescape(html.unescape(text)).strip()
        if re.search(r"\d{3}\D{0,2}\d{4}|\w@\w", text):
            continue  # telephone numbers and addresses
        rating = float(rating)
        label = "negative" if rating < -0.5 else "positive" if rating > 0.5 else "neutral"
        classes[label].append((int(number), text, round(rating, 2), label))
    random.seed(7)
    return sorted(row for rows in classes.values() for row in random.sample(rows, PER_CLASS))


def joined(tokens):
    """The text of (token, type, begins) triples with usual spacing, and its entities."""
    text, entities, in_quotes = "", [], False
    words = [token for token, _, _ in tokens]
    for i, (token, kind, begins) in enumerate(tokens):
        before, after = (words[i - 1] if i else ""), (words[i + 1] if i + 1 < len(words) else "")
        closes = token == '"' and (in_quotes or before in {",", ".", "!", "?"})
        glued = (
            not text
            or closes
            or token in {",", ".", ";", ":", "!", "?", ")", "'", "-"}
            or before in {"(", "'", "-"}
            or (before == '"' and in_quotes)
            or (before == "." and len(token) == 1 and token.isupper() and after == ".")  # U.S.
            or (before == "," and token.isdigit() and words[i - 2].isdigit())  # 9,500
        )
        if token == '"':
            in_quotes = not closes
        start = len(text) if glued else len(text) + 1
        text = text.ljust(start) + token
        if kind and begins:
            entities.append({"start": start, "end": len(text), "type": kind})
        elif kind:
            entities[-1]["end"] = len(text)
    return text, entities


def news(line):
    """A tokenised sentence with its names in tags."""
    tokens, kind, begins = [], None, False
    for token in line.replace("<END>.", "<END> .").split():
        if token.startswith("<START:"):
            kind, begins = token[7:-1], True
        elif token == "<END>":
            kind = None
        else:
            tokens.append((token, kind if kind in KINDS else None, begins))
            begins = False
    return joined(tokens)


def letter(line):
    """A plain sentence with its persons in tags."""
    text, entities = "", []
    for part in re.split("(<START> .*? <END> ?)", line.strip().replace(" ,", ",")):
        name = re.fullmatch("<START> (.*?) <END>( ?)", part)
        if name:
            entities.append({"start": len(text), "end": len(text) + len(name[1]), "type": "person"})
            part = name[1] + name[2]
        elif entities and re.match("[,.;:!?']", part):
            text = text.rstrip()
        text += part
    return text, entities


def sentences(jar):
    """News with all three kinds of names, and letters in which persons alone are marked."""
    rows = []
    with zipfile.ZipFile(jar) as archive:
        for source, document in SENTENCES.items():
            lines = archive.read(f"opennlp/tools/namefind/{document}").decode(
                "mac-roman" if source == "letters" else "utf-8"
            )
            for line in filter(str.strip, lines.splitlines()):
                line = line.replace("Fritsch.", "Fritsch <END> .")  # the one tag that is not closed
                text, entities = letter(line) if source == "letters" else news(line)
                rows.append({"id": len(rows), "source": source, "text": text, "entities": entities})
    return rows


if __name__ == "__main__":
    with open(HERE / "tweets.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text", "rating", "label"])
        writer.writerows(tweets(sys.argv[1]))
    with open(HERE / "sentences.jsonl", "w", encoding="utf-8") as file:
        for row in sentences(sys.argv[2]):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
