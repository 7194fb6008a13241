package io.embedlake.local.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The functions that programs call, as text. Stateless. */
final class Blocks {
    private static final Pattern DEFINITION = Pattern.compile("^def (\\w+)\\(", Pattern.MULTILINE);

    private Blocks() {}

    static String text(String name) {
        try (InputStream text = Blocks.class.getResourceAsStream("/io/embedlake/local/network/" + name + ".py")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same functions with their calls of each other written out, as an archive wants them. */
    static String qualified(String functions) {
        String names = DEFINITION
                .matcher(functions)
                .results()
                .map(definition -> definition.group(1))
                .collect(Collectors.joining("|"));
        return functions.replaceAll("(?<![\\w.]|def )(" + names + ")\\(", "__torch__.$1(");
    }
}
