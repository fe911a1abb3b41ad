using System.Text.Json.Nodes;
using Impetus.Engine.Embedding;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>The forms in which folders say the same: older and newer key names and layouts give the same vectors.</summary>
public sealed class FolderFormTests
{
    [Fact]
    public async Task NomicBert_is_read_by_gpt2s_key_names_alone()
    {
        using var copy = new CopiedFolder("encoders", "nomic-bert");
        copy.Edit("config.json", json => Remove(
            json, "hidden_size", "hidden_act", "intermediate_size", "layer_norm_eps", "max_position_embeddings", "num_attention_heads", "num_hidden_layers", "rope_parameters"));
        await ExpectSameAsync("nomic-bert", copy);
    }

    [Fact]
    public async Task NomicBert_is_read_by_berts_key_names_alone()
    {
        using var copy = new CopiedFolder("encoders", "nomic-bert");
        copy.Edit("config.json", json =>
        {
            foreach (string key in json.Select(property => property.Key).ToList())
            {
                if (key.StartsWith("n_", StringComparison.Ordinal) || key.StartsWith("rotary_", StringComparison.Ordinal)
                    || key is "activation_function" or "layer_norm_epsilon" or "qkv_proj_bias" or "mlp_fc1_bias" or "mlp_fc2_bias")
                    json.Remove(key);
            }
        });
        await ExpectSameAsync("nomic-bert", copy);
    }

    [Fact]
    public async Task ModernBert_is_read_by_layer_types_and_rope_parameters()
    {
        using var copy = new CopiedFolder("encoders", "modernbert-cls");
        copy.Edit("config.json", json =>
        {
            Remove(json, "global_attn_every_n_layers", "global_rope_theta", "local_rope_theta");
            json["layer_types"] = JsonNode.Parse("""["full_attention", "sliding_attention", "sliding_attention"]""");
            json["rope_parameters"] = JsonNode.Parse("""
                {"full_attention": {"rope_type": "default", "rope_theta": 160000.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}}
                """);
        });
        await ExpectSameAsync("modernbert-cls", copy);
    }

    [Fact]
    public async Task Gemma_is_read_by_its_window_pattern_and_by_rope_parameters()
    {
        using var copy = new CopiedFolder("encoders", "embeddinggemma");
        copy.Edit("config.json", json =>
        {
            Remove(json, "layer_types", "rope_theta", "rope_local_base_freq", "rope_scaling");
            json["rope_parameters"] = JsonNode.Parse("""
                {"full_attention": {"rope_type": "default", "rope_theta": 1000000.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}}
                """);
        });
        await ExpectSameAsync("embeddinggemma", copy);
    }

    [Fact]
    public async Task Pooling_is_read_by_its_newer_name()
    {
        using var copy = new CopiedFolder("encoders", "bert-cls");
        copy.Write("1_Pooling/config.json", """{"embedding_dimension": 64, "pooling_mode": "cls", "include_prompt": true}""");
        await ExpectSameAsync("bert-cls", copy);
    }

    [Fact]
    public async Task A_folder_without_modules_is_pooled_to_the_mean_and_not_normalised()
    {
        using var copy = new CopiedFolder("encoders", "nomic-bert");
        File.Delete(Path.Combine(copy.Path, "modules.json"));
        await ExpectSameAsync("nomic-bert", copy);
    }

    [Fact]
    public async Task Static_vectors_of_sentence_transformers_keep_unknown_tokens()
    {
        using var copy = new CopiedFolder("encoders", "model2vec");
        using var golden = new EncoderGolden(copy.Path);
        File.Delete(Path.Combine(copy.Path, "config.json"));
        await using var loaded = await LoadedEmbedder.OpenAsync(copy.Path);
        foreach (var input in golden.Items)
        {
            var embedding = Assert.Single(await loaded.Embedder.EmbedAsync([input.GetProperty("text").GetString()!]));
            EncoderGolden.Close(golden.Row("embeddings.sentence_transformers", input.GetProperty("i").GetInt32()), embedding.Vector, 1e-5f, "embedding");
        }
    }

    private static void Remove(JsonObject json, params string[] keys)
    {
        foreach (string key in keys)
            json.Remove(key);
    }

    private static async Task ExpectSameAsync(string fixture, CopiedFolder copy)
    {
        const string Text = "The harbour office publishes its figures two days late, although the weather was mild.";
        await using var original = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", fixture));
        await using var changed = await LoadedEmbedder.OpenAsync(copy.Path);
        Assert.Equal(
            Assert.Single(await original.Embedder.EmbedAsync([Text])).Vector,
            Assert.Single(await changed.Embedder.EmbedAsync([Text])).Vector);
    }
}
