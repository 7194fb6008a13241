package io.embedlake.remote.limit.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.remote.limit.Ask;
import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Lease;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Permit;
import io.embedlake.testing.Property;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaseServerTest {
    @Test
    void onlyThoseWhoKnowTheTokenAreAnswered() throws IOException {
        try (LeaseServer server = new LeaseServer(InetAddress.getLoopbackAddress(), "secret", ask -> ask)) {
            byte[] ask = {1, 2, 3};
            assertArrayEquals(ask, new LeaseServerCall("127.0.0.1", server.port(), "secret").apply(ask));
            for (String wrong : List.of("", "secre", "secret2", "Secret")) {
                LeaseServerCall call = new LeaseServerCall("127.0.0.1", server.port(), wrong);
                UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> call.apply(ask));
                assertEquals(
                        "the lease server answers with HTTP 401",
                        refused.getCause().getMessage());
            }
        }
    }

    @Test
    void nonsenseIsRefusedAndHarmsNobody() throws IOException {
        try (LeaseServer server = new LeaseServer(
                InetAddress.getLoopbackAddress(),
                "secret",
                ask -> LeaseCodec.bytes(
                        "run", LeaseCodec.ask(ask).limit(), LeaseCodec.ask(ask).ask()))) {
            LeaseServerCall call = new LeaseServerCall("127.0.0.1", server.port(), "secret");
            UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> call.apply(new byte[7]));
            assertEquals(
                    "the lease server answers with HTTP 400", refused.getCause().getMessage());
            byte[] sense = LeaseCodec.bytes("run", "a", Ask.of("b", List.of()));
            assertArrayEquals(sense, call.apply(sense));
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        Property.holds(100, random -> {
            Ask ask = new Ask(
                    "holder " + random.nextInt(),
                    IntStream.range(0, random.nextInt(5))
                            .mapToObj(i -> cost(random))
                            .toList(),
                    random.nextBoolean()
                            ? Optional.of(new Ask.Refusal(random.nextLong(), random.nextLong()))
                            : Optional.empty(),
                    random.nextBoolean() ? Limits.NONE : Limits.NONE.withTokens(1 + random.nextInt(100)),
                    random.nextInt(10),
                    random.nextInt(10),
                    random.nextInt(10));
            byte[] bytes = LeaseCodec.bytes("run", "limit", ask);
            assertEquals(new LeaseCodec.Addressed("run", "limit", ask), LeaseCodec.ask(bytes));
            assertThrows(
                    UncheckedIOException.class,
                    () -> LeaseCodec.ask(Arrays.copyOf(bytes, random.nextInt(bytes.length))));
            assertThrows(UncheckedIOException.class, () -> LeaseCodec.ask(Arrays.copyOf(bytes, bytes.length + 1)));
            Lease lease = new Lease(
                    random.nextLong(),
                    IntStream.range(0, random.nextInt(5))
                            .mapToObj(i -> new Permit(random.nextLong(), random.nextLong(), cost(random)))
                            .toList(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextBoolean());
            assertEquals(lease, LeaseCodec.lease(LeaseCodec.bytes(lease)));
        });
    }

    private static Cost cost(Random random) {
        return new Cost(random.nextInt(10), random.nextInt(1000), random.nextInt(10));
    }
}
