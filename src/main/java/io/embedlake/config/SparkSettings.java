package io.embedlake.config;

import io.embedlake.spi.SecretReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Settings of Spark by name, secrets by reference: the one group whose keys are not declared. Immutable. */
record SparkSettings() implements KeyType<Map<String, Setting>> {
    private static final String PREFIX = "spark.";
    private static final Pattern SENSITIVE =
            Pattern.compile("secret|password|token|access[.-]?key", Pattern.CASE_INSENSITIVE);

    @Override
    public String expected() {
        return "a group of Spark settings";
    }

    @Override
    public String rule() {
        return "names start with " + PREFIX;
    }

    @Override
    public Optional<Map<String, Setting>> read(Tree tree, String path, Reading reading) {
        if (!(tree instanceof Tree.Mapping settings)) {
            reading.refuseKind(tree, path, expected());
            return Optional.empty();
        }
        Map<String, Setting> read = new LinkedHashMap<>();
        settings.entries().forEach((name, value) -> {
            String at = path + "." + name;
            if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
                setting(name, value, at, reading).ifPresent(setting -> read.put(name, setting));
            } else {
                reading.refuse(
                        value.origin(),
                        at,
                        name + " is not the name of a Spark setting (names start with " + PREFIX + "). Name it "
                                + PREFIX + name + " below the key " + path + ".");
            }
        });
        return Optional.of(read);
    }

    private static Optional<Setting> setting(String name, Tree value, String path, Reading reading) {
        Optional<Tree.Scalar> scalar = reading.scalar(value, path, "a single value");
        if (scalar.map(Tree.Scalar::text).filter(SecretReference::looksLike).isEmpty()) {
            return scalar.flatMap(given -> reading.text(given, path, "a single value"))
                    .map(text -> new Setting.Literal(
                            text.value(), SENSITIVE.matcher(name).find() ? "(hidden)" : text.written()));
        }
        try {
            return Optional.of(
                    new Setting.Secret(SecretReference.parse(scalar.get().text())));
        } catch (IllegalArgumentException e) {
            reading.refuse(value.origin(), path, e.getMessage());
            return Optional.empty();
        }
    }
}
