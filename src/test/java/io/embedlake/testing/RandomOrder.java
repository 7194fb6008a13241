package io.embedlake.testing;

import java.util.Collections;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;

/**
 * JUnit's random orders with a seed that can be seen: JUnit logs its own at a level that nobody reads. Stateless apart from the
 * seed.
 */
public final class RandomOrder {
    private static final long SEED = Long.getLong(MethodOrderer.Random.RANDOM_SEED_PROPERTY_NAME, System.nanoTime());

    static {
        System.out.println(
                "Tests run in the order of -D" + MethodOrderer.Random.RANDOM_SEED_PROPERTY_NAME + "=" + SEED);
    }

    private RandomOrder() {}

    /** Orders test classes. */
    public static final class Classes implements ClassOrderer {
        @Override
        public void orderClasses(ClassOrdererContext context) {
            Collections.shuffle(context.getClassDescriptors(), new java.util.Random(SEED));
        }
    }

    /** Orders the methods of a test class. */
    public static final class Methods implements MethodOrderer {
        @Override
        public void orderMethods(MethodOrdererContext context) {
            Collections.shuffle(context.getMethodDescriptors(), new java.util.Random(SEED));
        }
    }
}
