package io.embedlake.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void theProcessorIsNoGpu() {
        assertFalse(Device.CPU.isGpu());
        assertEquals("cpu", Device.CPU.toString());
    }

    @Test
    void gpusAreCountedFromZero() {
        assertTrue(new Device(0).isGpu());
        assertEquals("gpu 3", new Device(3).toString());
    }

    @Test
    void refusesNumbersThatNameNoGpu() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> new Device(-2));
        assertEquals("no such GPU: -2", failure.getMessage());
    }
}
