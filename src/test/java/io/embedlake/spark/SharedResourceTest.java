package io.embedlake.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedResourceTest {
    private final List<String> ended = new ArrayList<>();
    private Optional<String> there = Optional.empty();
    private final SharedResource<String> leases = new SharedResource<>(() -> there.isEmpty(), shared -> {
        ended.add(shared);
        there = Optional.empty();
    });

    private String open(String name) {
        return leases.open(() -> {
            there = Optional.of(there.orElse(name));
            return there.get();
        });
    }

    @Test
    void whatTheFirstOpenedIsEndedByTheLast() {
        String first = open("session");
        String second = open("another");
        leases.close(first);
        assertEquals(List.of(), ended, "the second still needs it");
        leases.close(second);
        assertEquals(List.of("session"), ended);
        leases.close(open("later"));
        assertEquals(List.of("session", "later"), ended);
    }

    @Test
    void whatWasThereBeforeIsLeftThere() {
        there = Optional.of("notebook");
        String first = open("session");
        leases.close(open("session"));
        leases.close(first);
        assertEquals(List.of(), ended);
    }

    @Test
    void whatCouldNotBeOpenedIsNotCounted() {
        assertThrows(
                IllegalStateException.class,
                () -> leases.open(() -> {
                    throw new IllegalStateException("no");
                }));
        leases.close(open("session"));
        assertEquals(List.of("session"), ended);
    }
}
