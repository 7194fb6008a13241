package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.EmbeddingList;
import io.embedlake.fake.batch.OpenAiBatches;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Encoding.Form;
import io.embedlake.fake.service.Encoding.Type;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Voyage AI: embeddings, files and batches. Thread-safe. */
public final class VoyageApi extends Api {
    private static final int TEXTS = 1000;
    private static final Set<Integer> LENGTHS = Set.of(256, 512, 1024, 2048);
    private static final Map<String, Model> MODELS = new TreeMap<>(Map.of(
            "voyage-4-large", new Model(1024, LENGTHS, 32_000, 120_000),
            "voyage-4", new Model(1024, LENGTHS, 32_000, 320_000),
            "voyage-4-lite", new Model(1024, LENGTHS, 32_000, 1_000_000),
            "voyage-3-large", new Model(1024, LENGTHS, 32_000, 120_000),
            "voyage-3.5", new Model(1024, LENGTHS, 32_000, 320_000),
            "voyage-3.5-lite", new Model(1024, LENGTHS, 32_000, 1_000_000),
            "voyage-code-3", new Model(1024, LENGTHS, 32_000, 120_000),
            "voyage-finance-2", new Model(1024, Set.of(), 32_000, 120_000),
            "voyage-law-2", new Model(1024, Set.of(), 16_000, 120_000)));
    private static final Map<String, Model> MULTIMODAL = new TreeMap<>(Map.of(
            "voyage-multimodal-3.5", new Model(1024, LENGTHS, 32_000, 320_000),
            "voyage-multimodal-3", new Model(1024, Set.of(), 32_000, 320_000)));
    private static final Set<String> MULTIMODAL_FIELDS =
            Set.of("inputs", "model", "input_type", "truncation", "output_dimension", "output_encoding");
    private static final Set<String> IMAGES = Set.of("jpeg", "png", "webp", "gif");
    private static final int IMAGE_BYTES = 20_000_000;
    private static final int IMAGE_PIXELS = 16_000_000;
    private static final Set<String> FIELDS =
            Set.of("input", "model", "input_type", "truncation", "output_dimension", "output_dtype", "encoding_format");
    private static final Map<String, Type> TYPES = Map.of(
            "float",
            Type.FLOAT,
            "int8",
            Type.INT8,
            "uint8",
            Type.UINT8,
            "binary",
            Type.BINARY,
            "ubinary",
            Type.UBINARY);
    private static final Map<String, String> PROMPTS = Map.of(
            "query", "Represent the query for retrieving supporting documents: ",
            "document", "Represent the document for retrieval: ");

    private final DetailErrors errors = new DetailErrors("Provided API key is invalid.");

    private final OpenAiBatches batches;

    public VoyageApi(Service service) {
        super(service);
        batches = new OpenAiBatches(OpenAiBatches.Kind.VOYAGE, service, errors, this::answerLine);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        if (request.path().startsWith("/v1/files") || request.path().startsWith("/v1/batches")) {
            return batches.answer(request);
        }
        if (request.path().equals("/v1/multimodalembeddings")
                && request.method().equals("POST")) {
            return multimodal(request);
        }
        if (!request.path().equals("/v1/embeddings") || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        return embeddings(request);
    }

    private Response answerLine(Request request) {
        try {
            return embeddings(request);
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    private Response embeddings(Request request) {
        JsonNode body = body(request, errors);
        unknown(body, FIELDS).ifPresent(name -> {
            throw new Refusal(DetailErrors.detail(400, "Argument '" + name + "' is not supported by our API"));
        });
        String name = body.path("model").asText();
        Model model = MODELS.get(name);
        if (model == null) {
            throw new Refusal(DetailErrors.detail(
                    400, "Model " + name + " is not supported. Supported models are " + MODELS.keySet() + "."));
        }
        String inputType = body.path("input_type").asText("");
        if (!inputType.isEmpty() && !inputType.equals("null") && !PROMPTS.containsKey(inputType)) {
            throw new Refusal(DetailErrors.detail(
                    400, "Value '" + inputType + "' provided for argument 'input_type' is not valid."));
        }
        Inputs inputs = inputs(body, name, model);
        Type type = TYPES.get(body.path("output_dtype").asText("float"));
        if (type == null) {
            throw new Refusal(DetailErrors.detail(400, "Value provided for argument 'output_dtype' is not valid."));
        }
        Encoding encoding =
                new Encoding(type, body.path("encoding_format").asText().equals("base64") ? Form.BASE64 : Form.NUMBERS);
        Shape shape = Shape.unit(dimension(body.path("output_dimension"), model));
        List<Item> items = service()
                .embed(request, new Work(inputs, Demand.call(inputs), shape, encoding, Work.Order.INDEXED), errors);
        ObjectNode list = EmbeddingList.of(items, name);
        list.putObject("usage").put("total_tokens", inputs.sum());
        return Response.json(200, list);
    }

    private Response multimodal(Request request) {
        JsonNode body = body(request, errors);
        unknown(body, MULTIMODAL_FIELDS).ifPresent(name -> {
            throw new Refusal(DetailErrors.detail(400, "Argument '" + name + "' is not supported by our API"));
        });
        String name = body.path("model").asText();
        Model model = MULTIMODAL.get(name);
        if (model == null) {
            throw new Refusal(DetailErrors.detail(
                    400, "Model " + name + " is not supported. Supported models are " + MULTIMODAL.keySet() + "."));
        }
        List<String> inputs = new ArrayList<>();
        List<Integer> tokens = new ArrayList<>();
        long pixels = 0;
        for (JsonNode input : body.path("inputs")) {
            if (input.path("content").size() != 1) {
                throw new Refusal(DetailErrors.detail(400, "This fake takes one content an input."));
            }
            JsonNode content = input.path("content").path(0);
            switch (content.path("type").asText()) {
                case "text" -> {
                    inputs.add(content.path("text").asText());
                    tokens.add(
                            service().tokens().applyAsInt(content.path("text").asText()));
                }
                case "image_base64" -> {
                    SentImage image = SentImage.ofDataUri(
                                    content.path("image_base64").asText(), IMAGES)
                            .filter(some ->
                                    some.bytes() <= IMAGE_BYTES && some.header().pixels() <= IMAGE_PIXELS)
                            .orElseThrow(() -> new Refusal(DetailErrors.detail(
                                    400,
                                    "An image is invalid, of an unsupported type, or larger than 20 MB or 16 million"
                                            + " pixels.")));
                    inputs.add(image.name());
                    tokens.add((int) Math.ceil(image.header().pixels() / 560.0));
                    pixels += image.header().pixels();
                }
                default -> throw new Refusal(DetailErrors.detail(400, "Value provided for 'type' is not valid."));
            }
        }
        Inputs all = new Inputs(inputs, tokens);
        long most = service().cap(Cap.TEXTS, TEXTS);
        if (inputs.isEmpty()
                || inputs.size() > most
                || all.sum() > service().cap(Cap.CALL_TOKENS, model.callTokens())) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "The batch size limit is " + most + ". Your batch size is " + inputs.size() + ", with " + all.sum()
                            + " tokens."));
        }
        Encoding encoding = body.path("output_encoding").asText().equals("base64") ? Encoding.BASE64 : Encoding.FLOATS;
        Shape shape = Shape.unit(dimension(body.path("output_dimension"), model));
        List<Item> items =
                service().embed(request, new Work(all, Demand.call(all), shape, encoding, Work.Order.INDEXED), errors);
        ObjectNode list = EmbeddingList.of(items, name);
        list.putObject("usage").put("image_pixels", pixels).put("total_tokens", all.sum());
        return Response.json(200, list);
    }

    private Inputs inputs(JsonNode body, String name, Model model) {
        String prompt = PROMPTS.getOrDefault(body.path("input_type").asText(), "");
        Inputs inputs = Inputs.ofTexts(
                        body.path("input"),
                        text -> service().tokens().applyAsInt(prompt)
                                + service().tokens().applyAsInt(text))
                .filter(some -> !some.texts().isEmpty() && some.empty().isEmpty())
                .orElseThrow(() ->
                        new Refusal(DetailErrors.detail(400, "Input cannot contain empty strings or empty lists")));
        long texts = service().cap(Cap.TEXTS, TEXTS);
        if (inputs.texts().size() > texts) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "The batch size limit is " + texts + ". Your batch size is "
                            + inputs.texts().size() + "."));
        }
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, model.textTokens());
        if (!body.path("truncation").asBoolean(true) && inputs.longest() > textTokens) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "Request to model '" + name + "' failed. The example at index "
                            + inputs.tokens().indexOf(inputs.longest())
                            + " in your batch has too many tokens and does not fit into the model's context window of "
                            + textTokens + " tokens. Please lower the number of tokens in the listed example(s) or use"
                            + " truncation."));
        }
        Inputs cut = inputs.cutTo(textTokens);
        long callTokens = service().cap(Cap.CALL_TOKENS, model.callTokens());
        if (cut.sum() > callTokens) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "Request to model '" + name + "' failed. The max allowed tokens per submitted batch is "
                            + callTokens + ". Your batch has " + cut.sum()
                            + " tokens after truncation. Please lower the number of tokens in the batch."));
        }
        return cut;
    }

    private int dimension(JsonNode asked, Model model) {
        if (asked.isMissingNode() || asked.isNull()) {
            return service().dimension(model.dimension());
        }
        if (!model.dimensions().contains(asked.asInt())) {
            throw new Refusal(DetailErrors.detail(
                    400,
                    "Value '" + asked
                            + "' provided for argument 'output_dimension' is not valid. Accepted values: [256,"
                            + " 512, 1024, 2048]."));
        }
        return asked.asInt();
    }
}
