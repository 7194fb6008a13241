package io.embedlake.config;

import java.util.stream.Collectors;

/** The table of all keys, for people. It follows from {@link Keys}. Stateless. */
public final class KeyTable {
    private KeyTable() {}

    /** The table as a page of Markdown. */
    public static String text() {
        String head =
                """
                # Keys of the job file

                Generated from the declaration of the keys; a test compares. `embeddings[]` stands for any item of the list.
                Every value may hold `${NAME}` or `${NAME:-default}`, filled in from the environment; `$${` is a plain `${`.
                On the command line a key is set with `--set key=value`, an item of a list by its number from 0:
                `--set embeddings[0].reduce.dimensions=128`.

                | Key | Value | Default | Meaning |
                |---|---|---|---|
                """;
        return Keys.ALL.stream().map(KeyTable::row).collect(Collectors.joining("\n", head, "\n"));
    }

    private static String row(Key<?> key) {
        return "| `" + key.path() + "` | " + cell(key.type().summary()) + " | " + cell(Wording.absence(key)) + " | "
                + cell(key.doc() + Wording.scope(key).map(scope -> " " + scope).orElse("")) + " |";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
