namespace Impetus.Engine.Tests.Conformance;

/// <summary>Says which members of the engine contract a test of the suite holds a backend to.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CoversAttribute(params string[] members) : Attribute
{
    public IReadOnlyList<string> Members { get; } = members;
}
