package io.embedlake.spark.run;

import io.embedlake.pipeline.WorkPlan;

/** An observer that passes on to another one what it does not handle itself. As thread-safe as that. */
public interface PassingObserver extends JobObserver {
    /** Who is told. */
    JobObserver observer();

    @Override
    default void planned(WorkPlan plan) {
        observer().planned(plan);
    }

    @Override
    default void phase(String what) {
        observer().phase(what);
    }

    @Override
    default void progress(Progress progress) {
        observer().progress(progress);
    }

    @Override
    default void committed(CommittedWave wave) {
        observer().committed(wave);
    }

    @Override
    default void waiting(String why) {
        observer().waiting(why);
    }
}
