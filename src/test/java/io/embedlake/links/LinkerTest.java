package io.embedlake.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refers to classes of this test, whose members are known. */
class LinkerTest {
    private static final String FROM = "io/embedlake/Elsewhere";

    @TempDir
    Path noCluster;

    private ClassPath classes;
    private Linker linker;

    interface Shape {
        int sides();
    }

    abstract static class Drawn implements Shape {
        static final int PENS = 1;

        final void draw() {}

        static void erase() {}

        @SuppressWarnings("unused")
        private void hide() {}
    }

    static final class Triangle extends Drawn {
        @Override
        public int sides() {
            return 3;
        }
    }

    @BeforeEach
    void open() throws IOException {
        classes = new ClassPath(noCluster, getClass().getClassLoader());
        linker = new Linker(classes);
    }

    @AfterEach
    void close() throws IOException {
        classes.close();
    }

    private static String name(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private List<String> missing(
            Class<?> owner, String member, String descriptor, boolean ofInterface, boolean isStatic) {
        return linker.missing(List.of(
                new Reference(FROM, name(owner), Optional.of(new Member(member, descriptor)), ofInterface, isStatic)));
    }

    @Test
    void membersOfAClassAndOfWhatItExtendsAreFound() {
        assertEquals(List.of(), missing(Triangle.class, "draw", "()V", false, false));
        assertEquals(List.of(), missing(Triangle.class, "sides", "()I", false, false));
        assertEquals(List.of(), missing(Triangle.class, "hashCode", "()I", false, false));
        assertEquals(List.of(), missing(Drawn.class, "PENS", "I", false, true));
        assertEquals(List.of(), missing(Shape.class, "sides", "()I", true, false));
    }

    @Test
    void whatIsNotThereIsNamedWithThoseWhoUseIt() {
        String drawn = Drawn.class.getName();
        assertEquals(
                List.of("no " + drawn + ".draw(I)V, used by io.embedlake.Elsewhere"),
                missing(Drawn.class, "draw", "(I)V", false, false));
        assertEquals(
                List.of("no " + drawn + ".hide()V, used by io.embedlake.Elsewhere"),
                missing(Drawn.class, "hide", "()V", false, false));
        assertEquals(
                List.of("no class org.apache.spark.Gone, used by io.embedlake.Elsewhere"),
                linker.missing(List.of(Reference.toClass(FROM, "org/apache/spark/Gone"))));
    }

    @Test
    void whatHasBecomeStaticOrAnInterfaceIsNamed() {
        assertTrue(missing(Drawn.class, "erase", "()V", false, false).get(0).startsWith("static now: "));
        assertTrue(missing(Drawn.class, "draw", "()V", false, true).get(0).startsWith("no longer static: "));
        assertTrue(missing(Shape.class, "sides", "()I", false, false).get(0).startsWith("an interface now: "));
        assertTrue(missing(Drawn.class, "draw", "()V", true, false).get(0).startsWith("no longer an interface: "));
    }

    /** As in a newer version, whose class has one method more. */
    @Test
    void aMethodThatAClassHasToImplementOrMustNotOverrideIsNamed() throws IOException {
        assertEquals(List.of(), linker.inheritance(shape(Triangle.class)));
        ClassShape triangle = shape(Triangle.class);
        ClassShape without = new ClassShape(triangle.name(), triangle.access(), triangle.parents(), Map.of());
        assertEquals(
                List.of(Triangle.class.getName() + " does not implement " + Shape.class.getName() + ".sides()I"),
                linker.inheritance(without));
        ClassShape overriding = new ClassShape(
                triangle.name(),
                triangle.access(),
                triangle.parents(),
                Map.of(new Member("sides", "()I"), 1, new Member("draw", "()V"), 0));
        assertEquals(
                List.of(Triangle.class.getName() + " overrides the final " + Drawn.class.getName() + ".draw()V"),
                linker.inheritance(overriding));
    }

    private static ClassShape shape(Class<?> type) throws IOException {
        try (InputStream file = type.getResourceAsStream("/" + name(type) + ".class")) {
            return ClassShape.read(file.readAllBytes());
        }
    }
}
