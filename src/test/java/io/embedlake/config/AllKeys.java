package io.embedlake.config;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the job file knows, for tests of what else has to know it. Stateless. */
public final class AllKeys {
    private AllKeys() {}

    /** The paths of all keys, items of lists without their numbers. */
    public static Set<String> paths() {
        return Keys.ALL.stream().map(Key::path).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of all platforms. */
    public static Set<String> platforms() {
        return new TreeSet<>(((KeyType.Choice<String>) Keys.PLATFORM.type()).texts());
    }
}
