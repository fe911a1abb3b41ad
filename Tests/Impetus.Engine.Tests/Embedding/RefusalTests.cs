using System.Text.Json.Nodes;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>What a folder asks for and we do not compute is refused by file, key and value.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("bert-mean", "config.json", "position_embedding_type", "\"relative_key\"")]
    [InlineData("bert-mean", "config.json", "hidden_act", "\"mish\"")]
    [InlineData("bert-mean", "config.json", "is_decoder", "true")]
    [InlineData("bert-mean", "config.json", "model_type", "\"deberta\"")]
    [InlineData("bert-mean", "config.json", "num_attention_heads", "3")]
    [InlineData("bert-mean", "1_Pooling/config.json", "pooling_mode_mean_sqrt_len_tokens", "true")]
    [InlineData("bert-mean", "1_Pooling/config.json", "include_prompt", "false")]
    [InlineData("nomic-bert", "config.json", "prenorm", "true")]
    [InlineData("nomic-bert", "config.json", "rotary_scaling_factor", "2")]
    [InlineData("nomic-bert", "config.json", "activation_function", "\"gelu\"")]
    [InlineData("gte-arctic", "config.json", "layer_norm_type", "\"rms_norm\"")]
    [InlineData("gte-arctic", "config.json", "logn_attention_scale", "true")]
    [InlineData("qwen3-embedding", "config.json", "use_sliding_window", "true")]
    [InlineData("embeddinggemma", "config.json", "use_bidirectional_attention", "false")]
    [InlineData("embeddinggemma", "2_Dense/config.json", "activation_function", "\"torch.nn.Softmax\"")]
    [InlineData("modernbert-cls", "config.json", "layer_types", "[\"full_attention\"]")]
    public async Task A_setting_that_is_not_computed_is_refused_by_key_and_value(string folder, string file, string key, string value)
    {
        using var copy = new CopiedFolder("encoders", folder);
        copy.Edit(file, json => json[key] = JsonNode.Parse(value));

        var refused = await LoadRefusedAsync(copy);

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.Contains(value, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weight_of_another_size_than_configured_is_named_with_both_sizes()
    {
        using var copy = new CopiedFolder("encoders", "bert-mean");
        copy.Edit("config.json", json => json["intermediate_size"] = 96);

        var refused = await LoadRefusedAsync(copy);

        Assert.Contains("encoder.layer.0.intermediate.dense.weight", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(128, 64)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(96, 64)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_is_not_computed_is_refused()
    {
        using var copy = new CopiedFolder("encoders", "bert-mean");
        copy.Write("modules.json", """
            [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "path": "1_CNN", "type": "sentence_transformers.models.CNN"}]
            """);

        var refused = await LoadRefusedAsync(copy);

        Assert.Contains("sentence_transformers.models.CNN", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_outside_of_the_folder_is_refused()
    {
        using var copy = new CopiedFolder("encoders", "bert-mean");
        copy.Write("modules.json", """
            [{"idx": 0, "path": "../elsewhere", "type": "sentence_transformers.models.Transformer"}]
            """);

        var refused = await LoadRefusedAsync(copy);

        Assert.Contains("../elsewhere", refused.Message, StringComparison.Ordinal);
    }

    private static Task<CheckpointException> LoadRefusedAsync(CopiedFolder folder) => Assert.ThrowsAsync<CheckpointException>(async () =>
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(folder.Path);
    });
}
