package io.embedlake.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.embedlake.config.Keys.Entry;
import io.embedlake.config.Keys.Group;
import io.embedlake.spi.SecretReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The JSON Schema of job files, by which editors complete and check them. It follows from {@link Keys}; what it accepts is a
 * little less than what {@link JobFile} does, which also takes a quoted number for a number. Stateless.
 */
public final class JsonSchema {
    private static final Map<String, Object> ENVIRONMENT = entries(
                    "description", "A value from the environment: ${NAME} or ${NAME:-default}.", "type", "string")
            .and("pattern", Interpolation.PATTERN);

    private static final ObjectWriter JSON = new ObjectMapper().writer(printer());

    private JsonSchema() {}

    private static PrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }

    /** A JSON object that keeps its order. */
    private static final class Members extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        Members and(String name, Object value) {
            put(name, value);
            return this;
        }
    }

    /** The schema, draft 2020-12, as JSON text. */
    public static String text() {
        Members schema = entries("$schema", "https://json-schema.org/draft/2020-12/schema", "title", "embedlake job");
        schema.putAll(object(""));
        schema.put("$defs", Map.of("environment", ENVIRONMENT));
        try {
            return JSON.writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema is made of maps, lists and scalars", e);
        }
    }

    private static Members object(String group) {
        List<Entry> children = Keys.children(group);
        Members properties = new Members();
        children.forEach(
                child -> properties.put(child.name(), child instanceof Key<?> key ? key(key) : group((Group) child)));
        Members schema =
                entries("type", "object", "additionalProperties", false).and("properties", properties);
        List<String> required = children.stream()
                .filter(child -> child instanceof Key<?> key ? key.isRequired() : ((Group) child).isRequired())
                .map(Entry::name)
                .collect(Collectors.toList());
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        List<Object> conditions = new ArrayList<>();
        conditions.addAll(alternatives(children));
        conditions.addAll(scopes(children));
        if (!conditions.isEmpty()) {
            schema.put("allOf", conditions);
        }
        return schema;
    }

    private static Members group(Group group) {
        Members described = entries("description", group.doc());
        if (group.isList()) {
            return described.and("type", "array").and("minItems", 1).and("items", object(group.path()));
        }
        described.putAll(object(group.path()));
        return described;
    }

    private static <T> Members key(Key<T> key) {
        Members schema = entries("description", key.doc());
        key.defaultText().ifPresent(text -> schema.put("default", defaultValue(key.type(), text)));
        schema.putAll(type(key.type()));
        return schema;
    }

    private static Object defaultValue(KeyType<?> type, String text) {
        Object value = type instanceof KeyType.Single<?> single ? single.parse(text) : text;
        return value instanceof Number || value instanceof Boolean ? value : text;
    }

    private static Members type(KeyType<?> type) {
        if (type instanceof KeyType.Text<?> text) {
            Members string = entries("type", "string", "minLength", 1);
            return text.pattern()
                    .map(pattern -> orEnvironment(string.and("pattern", pattern)))
                    .orElse(string);
        } else if (type instanceof KeyType.Whole whole) {
            return orEnvironment(whole(whole));
        } else if (type instanceof KeyType.WholeOrAuto number) {
            return entries(
                    "anyOf",
                    List.of(
                            whole(number.whole()),
                            entries("const", BatchTokens.AUTO.toString()),
                            entries("$ref", "#/$defs/environment")));
        } else if (type instanceof KeyType.WholeOrWord number) {
            return entries(
                    "anyOf",
                    List.of(
                            whole(number.whole()),
                            entries("const", number.word()),
                            entries("$ref", "#/$defs/environment")));
        } else if (type instanceof KeyType.Number number) {
            return orEnvironment(
                    entries("type", "number", "minimum", number.min()).and("maximum", number.max()));
        } else if (type instanceof KeyType.Flag) {
            return orEnvironment(entries("type", "boolean"));
        } else if (type instanceof KeyType.Choice<?> choice) {
            return orEnvironment(entries("enum", choice.texts()));
        } else if (type instanceof KeyType.Secret) {
            return entries("type", "string", "pattern", SecretReference.pattern());
        } else if (type instanceof KeyType.Texts) {
            Members column = entries("type", "string", "minLength", 1);
            Members columns = entries("type", "array", "minItems", 1)
                    .and("uniqueItems", true)
                    .and("items", column);
            return entries("anyOf", List.of(column, columns));
        }
        return entries("type", "object", "propertyNames", entries("pattern", "^spark\\..+"))
                .and("additionalProperties", entries("type", List.of("string", "number", "boolean")));
    }

    private static Members whole(KeyType.Whole whole) {
        return entries("type", "integer", "minimum", whole.min()).and("maximum", whole.max());
    }

    private static Members orEnvironment(Members schema) {
        return entries("anyOf", List.of(schema, entries("$ref", "#/$defs/environment")));
    }

    /** Keys that stand in place of another: either all of them, or that one. */
    private static List<Object> alternatives(List<Entry> children) {
        Map<Key<?>, List<String>> instead = new LinkedHashMap<>();
        for (Entry child : children) {
            if (child instanceof Key<?> key && key.scope() instanceof Key.Scope.InsteadOf scope) {
                instead.computeIfAbsent(scope.other(), other -> new ArrayList<>())
                        .add(key.name());
            }
        }
        List<Object> conditions = new ArrayList<>();
        instead.forEach((other, names) -> conditions.add(entries(
                "oneOf",
                List.of(
                        entries("required", List.of(other.name()), "properties", forbidden(names)),
                        entries("required", names, "properties", forbidden(List.of(other.name())))))));
        return conditions;
    }

    /** Keys that another key's value forbids. */
    private static List<Object> scopes(List<Entry> children) {
        Map<Key.Scope.OnlyWith<?>, List<String>> scopes = new LinkedHashMap<>();
        for (Entry child : children) {
            if (child instanceof Key<?> key && key.scope() instanceof Key.Scope.OnlyWith<?> scope) {
                scopes.computeIfAbsent(scope, same -> new ArrayList<>()).add(key.name());
            }
        }
        List<Object> conditions = new ArrayList<>();
        scopes.forEach((scope, names) ->
                conditions.add(entries("if", holds(scope), "else", entries("properties", forbidden(names)))));
        return conditions;
    }

    /** Matches the values of the scope, and references that are resolved from the environment. */
    private static <V> Members holds(Key.Scope.OnlyWith<V> scope) {
        List<String> others = ((KeyType.Choice<V>) scope.other().type())
                .values().stream()
                        .filter(value -> !scope.values().contains(value))
                        .map(Object::toString)
                        .collect(Collectors.toList());
        String name = scope.other().name();
        Members condition = entries("properties", entries(name, entries("not", entries("enum", others))));
        return scope.admitsDefault() ? condition : condition.and("required", List.of(name));
    }

    private static Members forbidden(List<String> names) {
        Members none = new Members();
        names.forEach(name -> none.put(name, false));
        return none;
    }

    private static Members entries(String name, Object value) {
        return new Members().and(name, value);
    }

    private static Members entries(String name, Object value, String secondName, Object secondValue) {
        return new Members().and(name, value).and(secondName, secondValue);
    }
}
