using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Fields that all routes share which generate text.</summary>
internal static class CommonFields
{
    /// <summary>The most answers to one request.</summary>
    public const int MaxChoices = 128;

    public static readonly Field<string> Model =
        Fields.Text("model", "The id of a model, as GET /v1/models lists it.", 512, required: true);

    public static readonly Field<KeepAlive?> KeepAlive = Management.KeepAlive.Field(
        "keep_alive", "How long the model stays in memory after this request: seconds, or a duration such as \"5m\"; 0 unloads it, a negative one never does.");

    public static readonly Field<int?> N = Fields.Integer("n", 1, MaxChoices, "How many answers are written.");

    /// <summary>Fields that OpenAI's own service uses for its own ends.</summary>
    public static IReadOnlyList<Field> Advisory { get; } =
    [
        .. new[] { "user", "metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier" }
            .Select(name => new AdvisoryField(name)),
    ];
}
