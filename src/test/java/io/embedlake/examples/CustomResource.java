package io.embedlake.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A definition of a Kubernetes resource, against which manifests are checked as a server does that is strict about unknown fields. Immutable.
 *
 * @param definition the CustomResourceDefinition
 */
record CustomResource(Map<String, Object> definition) {
    private static final LoadSettings WHOLE =
            LoadSettings.builder().setCodePointLimit(4 << 20).build();

    /** Reads a definition that is a compressed resource. */
    static CustomResource read(String resource) {
        try (InputStream bytes = new GZIPInputStream(CustomResource.class.getResourceAsStream(resource))) {
            return new CustomResource(map(new Load(WHOLE).loadFromInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a manifest: each problem with its path. */
    List<String> problems(Map<String, Object> manifest) {
        Map<String, Object> spec = map(definition.get("spec"));
        Map<String, Object> version = map(((List<?>) spec.get("versions")).get(0));
        List<String> problems = new ArrayList<>();
        expect(problems, "kind", map(spec.get("names")).get("kind"), manifest.get("kind"));
        expect(problems, "apiVersion", spec.get("group") + "/" + version.get("name"), manifest.get("apiVersion"));
        check(map(map(version.get("schema")).get("openAPIV3Schema")), manifest, "", problems);
        return problems;
    }

    private static void expect(List<String> problems, String path, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            problems.add(path + " is " + actual + ", not " + expected);
        }
    }

    private static void check(Map<String, Object> schema, Object value, String path, List<String> problems) {
        if (!hasType(schema, value)) {
            problems.add(path + " is no " + schema.get("type"));
            return;
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            problems.add(path + " is none of " + allowed);
        }
        if (schema.get("pattern") instanceof String pattern
                && value instanceof String text
                && !Pattern.compile(pattern).matcher(text).find()) {
            problems.add(path + " does not match " + pattern);
        }
        if (schema.get("minimum") instanceof Number least
                && value instanceof Number number
                && number.doubleValue() < least.doubleValue()) {
            problems.add(path + " is less than " + least);
        }
        if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                check(map(schema.get("items")), items.get(i), path + "[" + i + "]", problems);
            }
        }
        if (value instanceof Map<?, ?>) {
            checkFields(schema, map(value), path, problems);
        }
    }

    private static void checkFields(
            Map<String, Object> schema, Map<String, Object> fields, String path, List<String> problems) {
        if (schema.get("required") instanceof List<?> required) {
            TreeSet<Object> missing = new TreeSet<>(required);
            missing.removeAll(fields.keySet());
            missing.forEach(name -> problems.add(path + "." + name + " is missing"));
        }
        Map<String, Object> properties = map(schema.getOrDefault("properties", Map.of()));
        // Of an object without properties, such as metadata, the definition says nothing.
        boolean open = properties.isEmpty() && !schema.containsKey("additionalProperties")
                || schema.containsKey("x-kubernetes-preserve-unknown-fields");
        fields.forEach((name, value) -> {
            String here = path + "." + name;
            if (properties.containsKey(name)) {
                check(map(properties.get(name)), value, here, problems);
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> others) {
                check(map(others), value, here, problems);
            } else if (!open) {
                problems.add(here + " is unknown");
            }
        });
    }

    private static boolean hasType(Map<String, Object> schema, Object value) {
        if (schema.containsKey("x-kubernetes-int-or-string")) {
            return value instanceof Integer || value instanceof String;
        }
        return switch ((String) schema.getOrDefault("type", "any")) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            default -> true;
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
