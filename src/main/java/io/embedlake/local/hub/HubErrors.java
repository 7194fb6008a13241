package io.embedlake.local.hub;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Path;
import okhttp3.Response;

/** Tells users what the hub's refusals mean and what to change. Immutable. */
record HubErrors(String hub) {
    /** An answer of the endpoint that no repetition changes. */
    EmbedlakeException refused(HubModel model, String what, Response answer) {
        return switch (answer.header("X-Error-Code", "")) {
            case "GatedRepo" -> gated(model);
            case "RevisionNotFound" -> unknownRevision(model);
            case "EntryNotFound" -> missingFile(model, what);
            case "RepoNotFound" -> unknownModel(model);
            default ->
                switch (answer.code()) {
                    case 401 -> isBadToken(answer) ? badToken(model) : unknownModel(model);
                    case 404 -> unknownModel(model);
                    default ->
                        configuration("Cannot download the model: " + model + " (" + hub + " answered with status "
                                + answer.code() + " to the request for " + what
                                + "). Change the key model, HF_TOKEN or HF_ENDPOINT.");
                };
        };
    }

    EmbedlakeException unknownRevision(HubModel model) {
        return configuration("Cannot find the revision: " + model + " (the model at " + hub
                + " has no branch, tag or commit of that name). Change what follows @ in the key model.");
    }

    EmbedlakeException missingFile(HubModel model, String file) {
        return configuration("Cannot download the model: " + model + " (it names a file that " + hub
                + " does not have: " + file + "). Name another revision after @ in the key model.");
    }

    EmbedlakeException noWeights(HubModel model) {
        return configuration("Cannot use the model: " + model
                + " (it has neither model.safetensors nor pytorch_model.bin nor model.onnx). Change the key model.");
    }

    EmbedlakeException notCached(HubModel model, Path cache) {
        return configuration("Cannot find the model: " + model + " (HF_HUB_OFFLINE is set, and " + cache
                + " does not hold all of it). Download it where there is a network, set HF_HUB_CACHE to the folder that"
                + " holds it, or unset HF_HUB_OFFLINE.");
    }

    EmbedlakeException notAHub(HubModel model, String rule) {
        return configuration("Cannot download the model: " + model + " (" + hub + " does not answer like a hub: " + rule
                + "). Set HF_ENDPOINT to the hub or a mirror of it.");
    }

    EmbedlakeException badTokenText() {
        return configuration("Cannot use the token of the hub: (hidden) (it is one word of printable ASCII characters)."
                + " Change HF_TOKEN or the token file.");
    }

    static EmbedlakeException damaged(HubModel model, String file) {
        return configuration("Cannot download the model: " + model + " (" + file
                + " came with a wrong checksum, twice). Set HF_ENDPOINT to another mirror, or try again later.");
    }

    static EmbedlakeException unwritable(HubModel model, Path cache, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot write the model " + model + ": " + cache + " (" + cause.getMessage()
                        + "). Make room there, or set HF_HUB_CACHE to a folder that can be written; what has arrived is"
                        + " kept.",
                cause);
    }

    static EmbedlakeException unreadable(HubModel model, Path path, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot read the model " + model + ": " + path + " ("
                        + cause.getClass().getSimpleName()
                        + "). Give read access to it, or set HF_HUB_CACHE to another folder.",
                cause);
    }

    /** The thread was interrupted, and stays so. */
    static EmbedlakeException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new EmbedlakeException(
                ErrorKind.TRANSIENT,
                "Cannot go on with the download: the thread was interrupted (it is done from the start to the end)."
                        + " Run it again; what has arrived is kept.",
                cause);
    }

    private EmbedlakeException gated(HubModel model) {
        return configuration("Cannot download the model: " + model
                + " (its owner admits accounts that have accepted its" + " terms). Accept them at " + hub + "/"
                + model.id() + " and set HF_TOKEN to a token of that account.");
    }

    private EmbedlakeException unknownModel(HubModel model) {
        return configuration("Cannot find the model: " + model + " (" + hub
                + " has none of that name, or it is private; nor is it a directory of this machine)."
                + " Change the key model, or set HF_TOKEN to a token that may read it.");
    }

    private EmbedlakeException badToken(HubModel model) {
        return configuration("Cannot download the model: " + model + " (" + hub
                + " does not know the token). Set HF_TOKEN to a valid one, or unset it for a public model.");
    }

    /** Without such a message, 401 means that the hub does not have the model. */
    private static boolean isBadToken(Response answer) {
        return answer.header("X-Error-Message", "").startsWith("Invalid");
    }

    private static EmbedlakeException configuration(String message) {
        return new EmbedlakeException(ErrorKind.CONFIGURATION, message);
    }
}
