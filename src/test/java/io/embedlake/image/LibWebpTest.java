package io.embedlake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LibWebpTest {
    private static final Path QUALITY_75 = GoldenImages.webp().get(0).resolveSibling("quality-75.webp");

    @Test
    void withoutTheLibraryAWebpFileStopsTheJobWithTheReason() throws Exception {
        ClassLoader others = new WithoutNatives();
        Class<?> limits = others.loadClass(ImageLimits.class.getName());
        Method decode = others.loadClass(ImageDecoder.class.getName()).getMethod("decode", byte[].class, limits);
        Object most = limits.getField("DEFAULT").get(null);
        byte[] file = Files.readAllBytes(QUALITY_75);
        // The second call finds the class initialised.
        for (int call = 0; call < 2; call++) {
            Throwable failure = assertThrows(InvocationTargetException.class, () -> decode.invoke(null, file, most))
                    .getCause();
            assertEquals(
                    ErrorKind.CONFIGURATION,
                    assertInstanceOf(EmbedlakeException.class, failure).kind());
            assertTrue(
                    failure.getMessage()
                            .startsWith(
                                    "Cannot read WebP images: libwebp cannot be loaded (the class path has none for "),
                    failure.getMessage());
        }
    }

    /** Has the classes of this package again, and no native libraries. */
    private static final class WithoutNatives extends ClassLoader {
        WithoutNatives() {
            super(LibWebpTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.embedlake.image.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public URL getResource(String name) {
            return name.startsWith("native/") ? null : super.getResource(name);
        }
    }

    @Test
    void severalThreadsDecodeAtOnce() throws Exception {
        byte[] file = Files.readAllBytes(QUALITY_75);
        byte[] expected = Files.readAllBytes(QUALITY_75.resolveSibling("quality-75.rgb"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> decoded = () -> Arrays.equals(
                    expected, ImageDecoder.decode(file, ImageLimits.DEFAULT).rgb());
            List<Callable<Boolean>> all = Collections.nCopies(200, decoded);
            for (Future<Boolean> one : threads.invokeAll(all)) {
                assertTrue(one.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anImageOfAnotherSizeThanTheHeaderSaysIsRefused() throws IOException {
        byte[] file = Files.readAllBytes(QUALITY_75);
        byte[] stream = Arrays.copyOfRange(file, 20, file.length);
        assertThrows(RuntimeException.class, () -> LibWebp.decode(stream, 66, 45));
        assertThrows(RuntimeException.class, () -> LibWebp.decode(stream, 67, 44));
    }
}
