package io.embedlake.local;

import io.embedlake.local.files.FolderSettings.ModuleFolder;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Head;
import io.embedlake.local.head.LayerChoice;
import io.embedlake.local.head.Module;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds the head that a spec describes, with the modules of the model's folder. Stateless. */
final class Heads {
    private Heads() {}

    static Head of(EmbedderSpec spec, ModelFiles files) {
        LayerChoice layers = LayerChoice.parse(spec.settings().getOrDefault(VectorSettings.LAYERS, "last"));
        if (spec.granularity() == Granularity.TOKEN) {
            return new Head.PerPart(layers);
        }
        return new Head.Pooled(
                layers, Pooling.named(spec.label(), spec.setting(VectorSettings.POOLING)), modules(spec, files));
    }

    private static List<Module> modules(EmbedderSpec spec, ModelFiles files) {
        boolean normalizes = Boolean.parseBoolean(spec.setting(VectorSettings.NORMALIZE));
        List<Module> modules = new ArrayList<>();
        boolean hasNormalized = false;
        for (ModuleFolder folder : files.settings().modules()) {
            boolean isNormalize = folder.kind() == ModuleFolder.Kind.NORMALIZE;
            hasNormalized |= isNormalize;
            if (!isNormalize || normalizes) {
                modules.add(module(spec.label(), folder));
            }
        }
        if (normalizes && !hasNormalized) {
            modules.add(new Module.Normalize());
        }
        return modules;
    }

    private static Module module(String label, ModuleFolder folder) {
        return switch (folder.kind()) {
            case NORMALIZE -> new Module.Normalize();
            case TRUNCATE -> new Module.Truncate(size(label, folder, ModuleFolder.WIDTH));
            case LAYER_NORM -> new Module.LayerNorm(parameters(label, folder), size(label, folder, "dimension"));
            case DENSE ->
                new Module.Dense(
                        parameters(label, folder),
                        size(label, folder, "in_features"),
                        size(label, folder, "out_features"),
                        Boolean.parseBoolean(folder.settings().getOrDefault("bias", "true")),
                        Activation.ofClass(
                                label,
                                folder.settings()
                                        .getOrDefault("activation_function", "torch.nn.modules.activation.Tanh")),
                        Boolean.parseBoolean(folder.settings().getOrDefault("use_residual", "false")));
        };
    }

    private static Parameters parameters(String label, ModuleFolder folder) {
        Path file = folder.weights().orElseThrow(() -> refuse(label, "its step " + folder.kind() + " has no weights"));
        return Parameters.of(file.toString(), Checkpoint.openFile(file));
    }

    private static int size(String label, ModuleFolder folder, String name) {
        try {
            return Integer.parseInt(folder.settings().getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            throw refuse(label, "its step " + folder.kind() + " has no number " + name);
        }
    }

    private static EmbedlakeException refuse(String label, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + label + " (" + why
                        + "). Get the model's files again, or change the key model.");
    }
}
