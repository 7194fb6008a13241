package io.embedlake.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorKindTest {
    @Test
    void onlySomeKindsCondemnRowsRatherThanTheJob() {
        Set<ErrorKind> kinds = Arrays.stream(ErrorKind.values())
                .filter(ErrorKind::concernsRows)
                .collect(Collectors.toSet());
        assertEquals(EnumSet.of(ErrorKind.INVALID_INPUT, ErrorKind.PROTOCOL, ErrorKind.TRANSIENT), kinds);
    }
}
