package io.embedlake.spi;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;

/** The platforms on the class path. Stateless. */
public final class Platforms {
    private Platforms() {}

    /** All of them, in the order in which they are registered. */
    public static List<Platform> all() {
        return StreamSupport.stream(
                        ServiceLoader.load(Platform.class, Platform.class.getClassLoader())
                                .spliterator(),
                        false)
                .toList();
    }

    /**
     * The platform of this name.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none
     */
    public static Platform named(String name) {
        List<Platform> all = all();
        return all.stream()
                .filter(platform -> platform.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot find a platform: " + name + " (one of "
                                + all.stream().map(Platform::name).toList() + "). Change the key platform."));
    }
}
