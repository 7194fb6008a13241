package io.embedlake.remote.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Goldens;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.testing.Property;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackerTest {
    @Test
    void packsEveryTextOnceInOrderAndAsManyAsFitIntoEachCall() {
        List<ModelFormat> formats = List.of(
                Goldens.formats().get("openai"),
                Goldens.formats().get("gemini"),
                Goldens.formats().get("vertex"));
        Property.holds(500, random -> {
            ModelFormat format = formats.get(random.nextInt(formats.size()));
            Budgets budgets = new Budgets(
                    1 + random.nextInt(8), 1 + random.nextInt(40), 1 + random.nextInt(120), 1 + random.nextInt(1000));
            List<String> texts = random.ints(random.nextInt(60), 0, 45)
                    .mapToObj(length -> text(random, length))
                    .toList();

            List<Pack> packs = pack(new Packer(format.bodySize()), texts, budgets);

            int next = 0;
            for (int i = 0; i < packs.size(); i++) {
                Pack pack = packs.get(i);
                assertEquals(next, pack.from());
                next = pack.to();
                List<String> packed = texts.subList(pack.from(), pack.to());
                assertEquals(format.call(packed).body().length, pack.bodyBytes());
                assertEquals(packed.stream().mapToInt(String::length).sum(), pack.tokens());
                assertEquals(fits(format, packed, budgets), pack.fits());
                assertTrue(pack.fits() || pack.texts() == 1);
                if (i + 1 < packs.size() && pack.fits() && packs.get(i + 1).fits()) {
                    assertFalse(fits(format, texts.subList(pack.from(), pack.to() + 1), budgets), "one more would fit");
                }
            }
            assertEquals(texts.size(), next);
        });
    }

    @Test
    void aTextThatIsTooLongGetsACallOfItsOwnBetweenThoseOfItsNeighbours() {
        Packer packer = new Packer(Goldens.formats().get("openai").bodySize());

        List<Pack> packs = pack(packer, List.of("a", "b", "too long", "c", "d"), new Budgets(9, 3, 100, 10_000));

        assertEquals(List.of(2, 1, 2), packs.stream().map(Pack::texts).toList());
        assertEquals(List.of(true, false, true), packs.stream().map(Pack::fits).toList());
    }

    @Test
    void nothingIsNoCall() {
        Packer packer = new Packer(Goldens.formats().get("openai").bodySize());

        assertEquals(List.of(), pack(packer, List.of(), new Budgets(1, 1, 1, 1)));
    }

    /** A character is a token. */
    private static List<Pack> pack(Packer packer, List<String> texts, Budgets budgets) {
        return packer.pack(texts, texts.stream().mapToLong(String::length).toArray(), budgets);
    }

    private static boolean fits(ModelFormat format, List<String> texts, Budgets budgets) {
        return texts.size() <= budgets.texts()
                && texts.stream().allMatch(text -> text.length() <= budgets.textTokens())
                && texts.stream().mapToInt(String::length).sum() <= budgets.callTokens()
                && format.call(texts).body().length <= budgets.bodyBytes();
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("aé東\"\n\uD83C\uDF0D".charAt(random.nextInt(7)));
        }
        return text.toString();
    }
}
