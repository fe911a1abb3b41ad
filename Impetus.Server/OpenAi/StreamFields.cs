using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>The fields by which a request asks for a stream.</summary>
internal static class StreamFields
{
    public static readonly Field<bool?> Stream =
        Fields.Flag("stream", "Whether the answer comes as server-sent events, ended by [DONE].");

    public static readonly Field<bool?> IncludeUsage =
        Fields.Flag("include_usage", "Whether a last event without choices tells the usage.");

    private static readonly Contract Options =
        new("StreamOptions", [IncludeUsage, new AdvisoryField("include_obfuscation")]);

    public static readonly Field<FieldReader> StreamOptions =
        Fields.Object("stream_options", Options, "More about the stream. Needs stream.");

    public static IReadOnlyList<Field> All { get; } = [Stream, StreamOptions];

    /// <exception cref="ApiException">Options were given without a stream.</exception>
    public static (bool Stream, bool IncludeUsage) Read(FieldReader fields)
    {
        bool stream = fields.Get(Stream) ?? false;
        bool includeUsage = fields.Get(StreamOptions)?.Get(IncludeUsage) ?? false;
        return stream || !includeUsage
            ? (stream, includeUsage)
            : throw ApiException.Invalid("stream_options", "stream_options needs \"stream\": true.");
    }
}
