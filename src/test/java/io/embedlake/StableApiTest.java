package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.annotation.Stable;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Holds the stable API to the signatures that are committed; {@code -Dembedlake.update=true} writes them anew. */
class StableApiTest {
    private static final Path CLASSES = classes();
    private static final Path SIGNATURES = Path.of("src/test/resources/api.txt");
    private static final Set<Class<?>> OF_SPARK =
            Set.of(Dataset.class, Row.class, SparkSession.class, StructType.class);

    private static List<Class<?>> types() throws IOException {
        Set<Class<?>> types = new TreeSet<>(Comparator.comparing(Class::getName));
        try (Stream<Path> files = Files.walk(CLASSES)) {
            files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.startsWith("io/embedlake/") && file.endsWith(".class"))
                    .filter(file -> !file.endsWith("-info.class"))
                    .map(file -> loaded(file.replace('/', '.').replaceFirst("\\.class$", "")))
                    .filter(type ->
                            type.getPackageName().equals("io.embedlake") || type.isAnnotationPresent(Stable.class))
                    .filter(StableApiTest::isVisible)
                    .forEach(type -> addWithNested(type, types));
        }
        return List.copyOf(types);
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name, false, StableApiTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Path classes() {
        try {
            return Path.of(Embedlake.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void addWithNested(Class<?> type, Set<Class<?>> types) {
        types.add(type);
        Arrays.stream(type.getDeclaredClasses())
                .filter(StableApiTest::isVisible)
                .forEach(nested -> addWithNested(nested, types));
    }

    private static boolean isVisible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static boolean isVisible(Member member) {
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !member.isSynthetic();
    }

    /** A type with its superclasses that are not visible themselves: users see their visible methods as the type's own. */
    private static Stream<Class<?>> withHiddenSuperclasses(Class<?> type) {
        return Stream.concat(
                Stream.of(type),
                Stream.<Class<?>>iterate(
                        type.getSuperclass(), above -> above != null && !isVisible(above), Class::getSuperclass));
    }

    private static <M extends Member & AnnotatedElement> List<M> visible(M[] members) {
        return Arrays.stream(members)
                .filter(StableApiTest::isVisible)
                .sorted(Comparator.comparing(Object::toString))
                .toList();
    }

    @Test
    void signaturesAreThoseThatAreCommitted() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Class<?> type : types()) {
            text.append(type.toGenericString()).append('\n');
            Stream.of(
                            visible(type.getDeclaredFields()).stream().map(Field::toGenericString),
                            visible(type.getDeclaredConstructors()).stream().map(Constructor::toGenericString),
                            withHiddenSuperclasses(type)
                                    .flatMap(declaring -> visible(declaring.getDeclaredMethods()).stream())
                                    .map(Method::toGenericString))
                    .flatMap(lines -> lines)
                    .forEach(line -> text.append("    ").append(line).append('\n'));
        }
        if (Boolean.getBoolean("embedlake.update")) {
            Files.writeString(SIGNATURES, text);
        }
        assertEquals(
                Files.readString(SIGNATURES),
                text.toString(),
                "the stable API has changed: if it should, say so in CHANGELOG.md and run the tests with -Dembedlake.update=true");
    }

    @Test
    void signaturesShowNoInternalType() throws IOException {
        Set<Class<?>> stable = new HashSet<>(types());
        List<String> shown = new ArrayList<>();
        for (Class<?> type : types()) {
            for (Class<?> used : used(type)) {
                boolean isOurs = used.getName().startsWith("io.embedlake.");
                if (isOurs ? !stable.contains(used) : !isKnown(used)) {
                    shown.add(type.getName() + " shows " + used.getName());
                }
            }
        }
        assertTrue(shown.isEmpty(), () -> String.join("\n", shown));
    }

    private static boolean isKnown(Class<?> used) {
        return used.isPrimitive()
                || used.getName().startsWith("java.")
                || used.getName().startsWith("org.apache.spark.ml.")
                || OF_SPARK.contains(used);
    }

    private static Set<Class<?>> used(Class<?> type) {
        List<Type> found = new ArrayList<>();
        Class<?> top =
                withHiddenSuperclasses(type).reduce((lower, upper) -> upper).orElseThrow();
        if (top.getGenericSuperclass() != null) {
            found.add(top.getGenericSuperclass());
        }
        found.addAll(List.of(type.getGenericInterfaces()));
        visible(type.getDeclaredFields()).forEach(field -> found.add(field.getGenericType()));
        visible(type.getDeclaredConstructors()).forEach(made -> found.addAll(List.of(made.getGenericParameterTypes())));
        withHiddenSuperclasses(type)
                .flatMap(declaring -> visible(declaring.getDeclaredMethods()).stream())
                .forEach(method -> {
                    found.add(method.getGenericReturnType());
                    found.addAll(List.of(method.getGenericParameterTypes()));
                    found.addAll(List.of(method.getGenericExceptionTypes()));
                });
        return found.stream().flatMap(StableApiTest::classes).collect(Collectors.toSet());
    }

    private static Stream<Class<?>> classes(Type type) {
        if (type instanceof Class<?> plain) {
            return Stream.of(plain.isArray() ? plain.getComponentType() : plain);
        }
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    classes(generic.getRawType()),
                    Arrays.stream(generic.getActualTypeArguments()).flatMap(StableApiTest::classes));
        }
        if (type instanceof GenericArrayType array) {
            return classes(array.getGenericComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            return Arrays.stream(wildcard.getUpperBounds()).flatMap(StableApiTest::classes);
        }
        return type instanceof TypeVariable<?> ? Stream.of() : Stream.of(Object.class);
    }
}
