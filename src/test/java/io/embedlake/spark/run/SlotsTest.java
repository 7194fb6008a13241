package io.embedlake.spark.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
    private static final String BOUND = "spark.dynamicAllocation.maxExecutors";

    private static SparkConf conf(String... settings) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return conf;
    }

    @Test
    void executorsThatMayComeCountWhereTheirNumberIsBounded() {
        assertEquals(new Slots(2, 2), Slots.of(2, conf(BOUND, "9")));
        assertEquals(new Slots(2, 2), Slots.of(2, conf(DYNAMIC, "true")));
        assertEquals(new Slots(2, 9), Slots.of(2, conf(DYNAMIC, "true", BOUND, "9")));
        assertEquals(
                new Slots(2, 36),
                Slots.of(2, conf(DYNAMIC, "true", BOUND, "9", "spark.executor.cores", "8", "spark.task.cpus", "2")));
    }

    @Test
    void thereIsAlwaysASlotAndNeverMoreThanPartitionsAreMade() {
        assertEquals(new Slots(1, 1), Slots.of(0, conf()));
        assertEquals(new Slots(40, 40), Slots.of(40, conf(DYNAMIC, "true", BOUND, "2")));
        assertEquals(
                new Slots(2, 5_000),
                Slots.of(2, conf(DYNAMIC, "true", BOUND, "2000000000", "spark.executor.cores", "64")));
    }
}
