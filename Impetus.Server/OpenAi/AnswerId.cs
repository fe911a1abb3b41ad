using System.Security.Cryptography;
using Impetus.Engine.Generation;

namespace Impetus.Server.OpenAi;

/// <summary>What every answer carries.</summary>
internal static class AnswerId
{
    /// <summary>Says which build wrote an answer.</summary>
    public static string Fingerprint { get; } = $"impetus-{ImpetusServer.Version}";

    /// <summary>A new id such as <c>chatcmpl-5f…</c>.</summary>
    public static string New(string kind) => $"{kind}-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";

    /// <summary>OpenAI's word for a reason.</summary>
    public static string OnTheWire(this FinishReason reason) => reason == FinishReason.Stop ? "stop" : "length";
}
