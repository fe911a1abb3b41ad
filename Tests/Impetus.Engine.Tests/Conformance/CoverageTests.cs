using System.Reflection;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

public sealed class CoverageTests
{
    [Fact]
    public void Every_member_of_the_contract_is_in_the_suite()
    {
        var members = typeof(IBackend).GetMembers().Where(member => member is not MethodInfo { IsSpecialName: true }).Select(member => member.Name);
        Assert.Empty(members.Except(Covered()).Distinct());
    }

    [Fact]
    public void The_suite_names_no_member_that_the_contract_has_not() =>
        Assert.Empty(Covered().Except(typeof(IBackend).GetMembers().Select(member => member.Name)));

    [Fact]
    public void Every_vector_width_is_held_to_the_suite() =>
        Assert.Equal(
            Enum.GetValues<VectorWidth>().Length,
            typeof(BackendConformance).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(CpuConformance))));

    private static IEnumerable<string> Covered() => typeof(BackendConformance)
        .GetMethods(BindingFlags.Instance | BindingFlags.Public)
        .SelectMany(method => method.GetCustomAttribute<CoversAttribute>()?.Members ?? []);
}
