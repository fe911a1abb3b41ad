using Impetus.Engine.Hub;
using Impetus.Engine.Tests.Weights;

namespace Impetus.Engine.Tests.Hub;

public sealed class ModelInspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_chat_model_is_described()
    {
        var model = ModelInspection.Read(Fixture.Model("SmolLM2-135M-Instruct"));
        Assert.Null(model.Fault);
        Assert.Equal(["chat", "completion"], model.Uses);
        Assert.Equal(("llama", "4-bit affine, groups of 32", 8192), (model.Architecture, model.Quantization, model.ContextLength));
        long files = Directory.GetFiles(Fixture.Model("SmolLM2-135M-Instruct"), "*.safetensors").Sum(file => new FileInfo(file).Length);
        Assert.Equal(files, model.WeightBytes);
        Assert.Equal("Apache License", model.Licence);
    }

    [Theory]
    [InlineData("encoders", "bert-mean", "embedding")]
    [InlineData("encoders", "model2vec", "embedding")]
    [InlineData("encoders", "qwen3-embedding", "embedding")]
    [InlineData("rerankers", "bert", "rerank")]
    [InlineData("rerankers", "qwen3-reranker", "rerank")]
    public void What_a_model_is_for_is_known_from_its_files(string kind, string name, string use)
    {
        var model = ModelInspection.Read(Fixture.Path(kind, name));
        Assert.Null(model.Fault);
        Assert.Equal([use], model.Uses);
    }

    [Fact]
    public void An_embedding_model_s_context_is_that_of_its_texts() =>
        Assert.Equal(256, ModelInspection.Read(Fixture.Model("all-MiniLM-L6-v2")).ContextLength);

    [Theory]
    [InlineData("license: apache-2.0", "apache-2.0")]
    [InlineData("license: other\nlicense_name: llama3.2", "llama3.2")]
    [InlineData("license:\n- mit\n- apache-2.0", "mit, apache-2.0")]
    [InlineData("language: en", null)]
    public void The_licence_is_what_the_card_states(string card, string? licence)
    {
        _folder.Write("README.md", $"---\n{card}\n---\n# A model\nlicense: not this one\n");
        Assert.Equal(licence, ModelInspection.Read(_folder.Path).Licence);
    }

    [Theory]
    [InlineData("model-Q4_K_M.gguf", "GGUF")]
    [InlineData("pytorch_model.bin", "pytorch_model.bin")]
    [InlineData("adapter_config.json", "adapter")]
    [InlineData("README.md", "There are no weights")]
    [InlineData("downloading_model.safetensors.part", "not complete")]
    public void Weights_that_cannot_be_read_are_told_by_what_is_there(string file, string told)
    {
        _folder.Write("config.json", """{"model_type": "llama"}""");
        _folder.Write(file, "{}");
        var model = Complete("llama");
        Assert.Contains(told, model.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_alone_are_told_to_lack_their_configuration()
    {
        File.Copy(Fixture.Path("decoders", "llama", "model.safetensors"), Path.Combine(_folder.Path, "model.safetensors"));
        Assert.Equal("config.json is missing.", ModelInspection.Read(_folder.Path).Fault);
    }

    [Fact]
    public void A_file_that_is_cut_short_is_told()
    {
        byte[] weights = File.ReadAllBytes(Fixture.Path("decoders", "llama", "model.safetensors"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.safetensors"), weights[..^100]);
        var model = Complete("llama");
        Assert.Contains("cut short", model.Fault, StringComparison.Ordinal);
        Assert.Equal(weights.Length - 100, model.WeightBytes);
    }

    [Fact]
    public void An_architecture_that_is_not_computed_is_told_with_those_that_are()
    {
        var model = Complete("gpt_oss");
        Assert.Contains("'gpt_oss'", model.Fault, StringComparison.Ordinal);
        Assert.Contains("llama, mistral, qwen2", model.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_not_computed_is_told()
    {
        var model = Complete("llama", """, "hidden_act": "relu6" """);
        Assert.Contains("hidden_act", model.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantisation_that_is_not_computed_is_told()
    {
        var model = Complete("llama", """, "quantization_config": {"quant_method": "awq", "w_bit": 4}""");
        Assert.Contains("awq", model.Fault, StringComparison.Ordinal);
        Assert.Equal("awq", model.Quantization);
    }

    [Fact]
    public void A_missing_tokenizer_is_told()
    {
        File.Copy(Fixture.Path("decoders", "llama", "model.safetensors"), Path.Combine(_folder.Path, "model.safetensors"));
        var model = Complete("llama", tokenizer: false);
        Assert.StartsWith("tokenizer.json is missing", model.Fault, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer.json"), "{}");
        Assert.Null(ModelInspection.Read(_folder.Path).Fault);
    }

    [Fact]
    public void A_chat_template_that_cannot_be_read_is_told()
    {
        File.Copy(Fixture.Path("decoders", "llama", "model.safetensors"), Path.Combine(_folder.Path, "model.safetensors"));
        _folder.Write("chat_template.jinja", "{% if %}");
        Assert.Contains("chat_template.jinja", Complete("llama").Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("[]")]
    [InlineData("""{"model_type": 7}""")]
    public void A_damaged_configuration_is_told(string config)
    {
        _folder.Write("config.json", config);
        Assert.Contains("config.json", ModelInspection.Read(_folder.Path).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_gone_is_told() => Assert.NotNull(ModelInspection.Read(Path.Combine(_folder.Path, "none")).Fault);

    /// <summary>Reads the folder with a whole configuration beside what a test has put there.</summary>
    private ModelInspection Complete(string type, string more = "", bool tokenizer = true)
    {
        _folder.Write("config.json", $$"""
            {"model_type": "{{type}}", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2,
             "vocab_size": 256, "max_position_embeddings": 512{{more}}}
            """);
        if (tokenizer)
            _folder.Write("tokenizer.json", "{}");
        return ModelInspection.Read(_folder.Path);
    }
}
