package io.embedlake.lexical.fitted;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.spi.Sha256;
import io.embedlake.testing.Property;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagFileTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() {
        Property.holds(20, random -> {
            BagModel model = Models.random(random, 1 + random.nextInt(50), 1 + random.nextInt(20));
            byte[] bytes = BagFile.bytes(model);
            BagModel read = BagFile.read(Models.write(folder, bytes));
            assertEquals(model.terms(), read.terms());
            assertEquals(model.weighting(), read.weighting());
            assertEquals(model.texts(), read.texts());
            assertEquals(model.vocabulary(), read.vocabulary());
            assertArrayEquals(model.weights(), read.weights());
            assertArrayEquals(model.projection(), read.projection());
            assertArrayEquals(bytes, BagFile.bytes(read));
        });
        assertEquals(
                2,
                BagFile.read(Models.write(folder, BagFile.bytes(Models.tiny()))).dimensions());
    }

    @Test
    void anyChangedByteIsFound() {
        byte[] sound = BagFile.bytes(Models.tiny());
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 1;
            Path file = Models.write(folder, damaged);
            assertMisconfigured(() -> BagFile.read(file), "Cannot read the fitted model " + file + " (");
        }
    }

    @Test
    void everyCutIsFound() {
        byte[] sound = BagFile.bytes(Models.tiny());
        for (int length = 0; length < sound.length; length++) {
            Path file = Models.write(folder, Arrays.copyOf(sound, length));
            assertMisconfigured(() -> BagFile.read(file), "Cannot read the fitted model " + file + " (");
        }
    }

    @Test
    void saysWhatIsWrong() {
        byte[] sound = BagFile.bytes(Models.tiny());
        refuses(
                "it does not begin as the file of a bag of terms does",
                "PK".repeat(100).getBytes(StandardCharsets.UTF_8));
        byte[] newer = sound.clone();
        newer[14] = '2';
        refuses("it is of version 2 of its format, and this embedlake knows version 1", newer);
        byte[] damaged = sound.clone();
        damaged[100]++;
        refuses("its bytes do not have the checksum that stands at its end", damaged);
        assertMisconfigured(() -> BagFile.read(folder.resolve("none")), "(the file is not there, or may not be read)");
    }

    /** Whoever makes such a file can make its checksum too. */
    @Test
    void lengthsThatPromiseMoreThanThereIsAreRefusedWithASoundChecksum() {
        byte[] sound = BagFile.bytes(Models.tiny());
        int countOfTerms = 16 + 2 + Models.tiny().terms().name().length() + 2 + "tf-idf".length() + 8;
        for (int huge : new int[] {0x7F, 0xFF}) {
            for (int at : new int[] {countOfTerms, countOfTerms + 4}) {
                byte[] changed = Arrays.copyOf(sound, sound.length - 64);
                changed[at] = (byte) huge;
                byte[] hash = Sha256.hex(changed).getBytes(StandardCharsets.US_ASCII);
                byte[] file = Arrays.copyOf(changed, sound.length);
                System.arraycopy(hash, 0, file, changed.length, hash.length);
                refuses("its parts do not fit together", file);
            }
        }
    }

    private void refuses(String why, byte[] bytes) {
        Path file = Models.write(folder, bytes);
        assertMisconfigured(
                () -> BagFile.read(file), "(" + why + "). Remove the file: the job writes it anew from its store.");
    }
}
