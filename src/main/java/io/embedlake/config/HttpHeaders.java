package io.embedlake.config;

import io.embedlake.remote.format.ExtraHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Headers by name, none of them a secret. Immutable. */
record HttpHeaders() implements KeyType<Map<String, String>> {
    @Override
    public String expected() {
        return "a group of headers";
    }

    @Override
    public String rule() {
        return "names of letters, digits, -; no secrets";
    }

    @Override
    public Optional<Map<String, String>> read(Tree tree, String path, Reading reading) {
        if (!(tree instanceof Tree.Mapping headers)) {
            reading.refuseKind(tree, path, expected());
            return Optional.empty();
        }
        Map<String, String> read = new TreeMap<>();
        headers.entries().forEach((name, value) -> reading.scalar(value, path + "." + name, "a text")
                .ifPresent(scalar -> ExtraHeaders.problem(name, scalar.text())
                        .ifPresentOrElse(
                                problem -> reading.refuse(value.origin(), path + "." + name, problem),
                                () -> read.put(name, scalar.text()))));
        return read.size() == headers.entries().size() ? Optional.of(Map.copyOf(read)) : Optional.empty();
    }
}
