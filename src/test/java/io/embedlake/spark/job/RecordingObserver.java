package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what a job tells, and does something when a phase begins. Thread-safe. */
final class RecordingObserver implements JobObserver {
    private final List<WorkPlan> plans = new ArrayList<>();
    private final List<String> phases = new ArrayList<>();
    private final List<Progress> progress = new ArrayList<>();
    private final Map<String, Runnable> actions = new LinkedHashMap<>();

    /** Runs the action once, on the job's thread, when a phase begins whose name starts like this. */
    synchronized RecordingObserver when(String phase, Runnable action) {
        actions.put(phase, action);
        return this;
    }

    @Override
    public synchronized void planned(WorkPlan plan) {
        plans.add(plan);
    }

    @Override
    public void phase(String what) {
        List<Runnable> due;
        synchronized (this) {
            phases.add(what);
            List<String> begun =
                    actions.keySet().stream().filter(what::startsWith).toList();
            due = begun.stream().map(actions::remove).toList();
        }
        due.forEach(Runnable::run);
    }

    @Override
    public synchronized void progress(Progress now) {
        progress.add(now);
    }

    synchronized List<WorkPlan> plans() {
        return List.copyOf(plans);
    }

    synchronized List<String> phases() {
        return List.copyOf(phases);
    }

    synchronized List<Progress> progress() {
        return List.copyOf(progress);
    }
}
